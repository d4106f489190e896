//! The language of what people read: short sentences, the field's words, and links that lead somewhere.

mod banned;
mod files;
mod links;
mod markdown;
mod rust;
mod sentences;
mod vocabulary;
mod words;
