"""What is wrong with a source or with us: histories judged, findings opened and closed."""
