//! The policy: loaded, checked and compiled once; asked once for each change that opens.
