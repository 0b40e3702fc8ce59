"""Health of the sources and of the watch itself: histories judged, findings opened and closed."""
