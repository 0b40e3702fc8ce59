"""The long-running process: rounds of polls, the schedule, the canary."""
