"""Bargaining theory worked out from the specification alone: one file for each family of concepts.

Finite problems are reckoned in exact fractions, so that ties are ties; continuous ones by bisection. Nothing here
knows the Rust sources or calls the program.
"""
