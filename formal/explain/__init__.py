"""Why a verdict holds, in words and pictures, from its evidence."""
