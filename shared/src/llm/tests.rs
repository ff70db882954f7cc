//! What is asked, what an answer or a failure means, and that no key gets out.

mod data;
