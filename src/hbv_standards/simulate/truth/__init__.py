"""What was meant, in SDTM words: tables to hold a conversion against, cell by cell.

The rules of the project (visits, constant-dosing intervals, rounding) are written here a second
time, from their text and without the code that they are to judge.
"""
