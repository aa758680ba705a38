//! The JSON5 front end.
