"""What has become of a stack's objects: found, named, told to callers."""
