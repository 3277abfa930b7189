//! An S3-compatible store inside the test: as much of the protocol as the program uses. It believes
//! every signature; what it proves is requests, conditions, parts and their removal.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use actix_web::http::Method;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};

/// What the bucket holds.
#[derive(Default)]
pub struct Bucket {
    /// Objects by path, bucket included.
    pub objects: BTreeMap<String, Vec<u8>>,
    /// Parts of unfinished uploads.
    pub uploads: BTreeMap<String, BTreeMap<u32, Vec<u8>>>,
    count: u32,
}

pub struct S3Fake {
    pub endpoint: String,
    bucket: Arc<Mutex<Bucket>>,
}

impl S3Fake {
    /// Needs actix's runtime: call it from `#[actix_web::test]`.
    pub fn start() -> Self {
        let bucket = Arc::new(Mutex::new(Bucket::default()));
        let data = web::Data::from(bucket.clone());
        let app = move || {
            App::new()
                .app_data(data.clone())
                .app_data(web::PayloadConfig::new(64 << 20))
                .default_service(web::to(answer))
        };
        let server = HttpServer::new(app).workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", server.addrs()[0]);
        actix_web::rt::spawn(server.run());
        Self { endpoint, bucket }
    }

    pub fn bucket(&self) -> MutexGuard<'_, Bucket> {
        self.bucket.lock().unwrap()
    }
}

async fn answer(
    request: HttpRequest,
    body: web::Bytes,
    bucket: web::Data<Mutex<Bucket>>,
) -> HttpResponse {
    let mut bucket = bucket.lock().unwrap();
    let path = request.path().trim_start_matches('/').to_owned();
    let query = web::Query::<BTreeMap<String, String>>::from_query(request.query_string()).unwrap();
    let done = || HttpResponse::Ok().insert_header(("ETag", "\"e\"")).finish();
    match (request.method(), query.get("uploadId")) {
        (&Method::PUT, Some(id)) => {
            let part = query["partNumber"].parse().unwrap();
            bucket.uploads.get_mut(id).unwrap().insert(part, body.to_vec());
            done()
        }
        (&Method::PUT, None) => {
            let once = request.headers().get("if-none-match").is_some_and(|value| value == "*");
            if once && bucket.objects.contains_key(&path) {
                return HttpResponse::PreconditionFailed().finish();
            }
            bucket.objects.insert(path, body.to_vec());
            done()
        }
        (&Method::POST, None) => {
            bucket.count += 1;
            let id = bucket.count.to_string();
            bucket.uploads.insert(id.clone(), BTreeMap::new());
            HttpResponse::Ok().body(format!(
                "<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>"
            ))
        }
        (&Method::POST, Some(id)) => {
            let whole = bucket.uploads.remove(id).unwrap().into_values().flatten().collect();
            bucket.objects.insert(path, whole);
            HttpResponse::Ok().body(
                "<CompleteMultipartUploadResult><ETag>\"e\"</ETag></CompleteMultipartUploadResult>",
            )
        }
        (&Method::DELETE, Some(id)) => {
            bucket.uploads.remove(id);
            HttpResponse::NoContent().finish()
        }
        (&Method::DELETE, None) => {
            bucket.objects.remove(&path);
            HttpResponse::NoContent().finish()
        }
        (&Method::GET, _) => match bucket.objects.get(&path) {
            Some(bytes) => HttpResponse::Ok()
                .insert_header(("ETag", "\"e\""))
                .insert_header(("Last-Modified", "Mon, 02 Mar 2026 01:30:00 GMT"))
                .body(bytes.clone()),
            None => HttpResponse::NotFound().finish(),
        },
        _ => HttpResponse::MethodNotAllowed().finish(),
    }
}
