//! S3's own way to send a body in chunks, with a checksum after them.
//!
//! Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html>

use bytes::{Buf, Bytes, BytesMut};
use http::HeaderMap;

/// The body that was meant.
///
/// # Errors
/// Where it is not as its headers say.
pub(super) fn decode(headers: &HeaderMap, body: &Bytes) -> Result<Bytes, String> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let streamed = text("x-amz-content-sha256").is_some_and(|sum| sum.starts_with("STREAMING-"));
    let encoded = text("content-encoding").is_some_and(|codings| codings.contains("aws-chunked"));
    if !streamed && !encoded {
        return Ok(body.clone());
    }
    let decoded = chunks(body.clone())?;
    let declared: Option<usize> =
        text("x-amz-decoded-content-length").and_then(|length| length.parse().ok());
    match declared {
        Some(declared) if decoded.len() != declared => {
            let found = decoded.len();
            Err(format!("{declared} bytes were said and {found} have come"))
        }
        _ => Ok(decoded),
    }
}

/// Each chunk is a line with its size in hexadecimal, the bytes and a line's end. The last one has
/// no bytes; after it come trailers.
fn chunks(mut body: Bytes) -> Result<Bytes, String> {
    let mut decoded = BytesMut::with_capacity(body.len());
    loop {
        let end = body.windows(2).position(|two| two == b"\r\n");
        let end = end.ok_or("a chunk has no size")?;
        let line = body.split_to(end);
        body.advance(2);
        let line = String::from_utf8_lossy(&line).into_owned();
        let size = line.split(';').next().unwrap_or_default();
        let size =
            usize::from_str_radix(size, 16).map_err(|_| format!("`{size}` is no chunk's size"))?;
        if size == 0 {
            return Ok(decoded.freeze());
        }
        if body.len() < size.saturating_add(2) {
            return Err("a chunk is cut".to_owned());
        }
        decoded.extend_from_slice(&body.split_to(size));
        body.advance(2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(length: &str, body: &'static str) -> Result<Bytes, String> {
        let mut headers = HeaderMap::new();
        headers.insert("content-encoding", "aws-chunked".parse().unwrap());
        headers.insert("x-amz-decoded-content-length", length.parse().unwrap());
        decode(&headers, &Bytes::from_static(body.as_bytes()))
    }

    #[test]
    fn chunks_are_joined_and_trailers_dropped() {
        let body =
            "5\r\nhello\r\n6;chunk-signature=0\r\n world\r\n0\r\nx-amz-checksum-crc32:a\r\n\r\n";
        assert_eq!(decoded("11", body).unwrap(), "hello world");
        assert_eq!(decoded("0", "0\r\n\r\n").unwrap(), "");
        let plain = Bytes::from_static(b"5\r\n");
        assert_eq!(decode(&HeaderMap::new(), &plain).unwrap(), plain);
    }

    #[test]
    fn a_body_that_is_cut_is_none() {
        for body in ["5\r\nhel", "5", "x\r\n", "5\r\nhello\r\n"] {
            assert!(decoded("5", body).is_err(), "{body}");
        }
        assert!(decoded("4", "5\r\nhello\r\n0\r\n\r\n").is_err());
    }
}
