"""Commands for a hospital's codes: what a delivery holds that no table knows, and the folder of a new hospital."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click
