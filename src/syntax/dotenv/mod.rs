//! The env-file front end.
