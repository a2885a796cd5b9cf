"""Answers of Statistics Sweden's PxWebApi v2: asked for, kept byte for byte, checked and decoded."""
