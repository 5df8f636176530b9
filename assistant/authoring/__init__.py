"""What an author does: begin a routine, have it checked, add it (or someone else's pack) to the coach."""
