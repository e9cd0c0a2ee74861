"""What people have approved, and what takes an approval."""
