//! Detached signatures of issued notices, made by a program of the installation and checked by OpenSSL.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::support::cases::{Case, g1};
use crate::support::test_app::{Backend, TestApp, on_each_backend};

on_each_backend!(without_a_signing_program_nothing_is_signed);

async fn without_a_signing_program_nothing_is_signed(app: TestApp) {
    let issued = Case::in_processing(&app).await.issued(&g1()).await;
    let path = format!("/api/v1/notices/{}/signature", issued["id"].as_str().unwrap());
    assert_eq!(app.officer().await.get(&path).await.refusal(), (409, "signing_off"));
}

fn openssl(args: &[&str], folder: &Path) -> (bool, String) {
    let output = Command::new("openssl").args(args).current_dir(folder).output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn program(folder: &Path, name: &str, script: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    path.to_str().unwrap().to_owned()
}

fn in_runtime(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(test);
}

async fn with_program(program: &str) -> TestApp {
    let settings = [("GONGKAI_SIGN_PROGRAM", program)];
    TestApp::spawn_set(Backend::Sqlite, &settings, |config| config).await.unwrap()
}

#[test]
fn openssl_finds_the_signature_of_the_pdf_valid_and_of_any_other_bytes_not() {
    in_runtime(async {
        // Given a key, and a program that signs with it
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path();
        let request = [
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            "key.pem",
            "-out",
            "cert.pem",
            "-days",
            "2",
            "-subj",
            "/CN=Finance",
        ];
        let (made, error) = openssl(&request, place);
        assert!(made, "{error}");
        let script = format!(
            "cd '{}' && echo >> asked && exec openssl cms -sign -binary -md sha256 -signer cert.pem \
             -inkey key.pem -outform DER",
            place.display()
        );
        let app = with_program(&program(place, "sign.sh", &script)).await;
        let issued = Case::in_processing(&app).await.issued(&g1()).await;
        let id = issued["id"].as_str().unwrap();
        let officer = app.officer().await;
        let pdf = officer.get(&format!("/api/v1/notices/{id}/pdf")).await.expect(200).bytes;
        let path = format!("/api/v1/notices/{id}/signature");

        // When the signature is asked for, twice
        let signed = officer.get(&path).await.expect(200);
        assert_eq!(signed.headers["content-type"], "application/pkcs7-signature");
        let again = officer.get(&path).await.expect(200);

        // Then it is one, was made once, and fits the PDF alone
        assert_eq!(again.bytes, signed.bytes);
        assert_eq!(std::fs::read_to_string(place.join("asked")).unwrap(), "\n");
        std::fs::write(place.join("n.p7s"), &signed.bytes).unwrap();
        let check = [
            "cms", "-verify", "-binary", "-inform", "DER", "-in", "n.p7s", "-content", "n.pdf",
            "-CAfile", "cert.pem", "-purpose", "any", "-out", "out",
        ];
        std::fs::write(place.join("n.pdf"), &pdf).unwrap();
        let (valid, says) = openssl(&check, place);
        assert!(valid, "{says}");
        let mut other = pdf;
        *other.last_mut().unwrap() ^= 1;
        std::fs::write(place.join("n.pdf"), &other).unwrap();
        assert!(!openssl(&check, place).0);
        // Another agency gets nothing
        let stranger = app.signed_in("stranger", &["clerk"], Some(app.other_agency)).await;
        assert_eq!(stranger.get(&path).await.refusal(), (404, "not_found"));
    });
}

#[test]
fn what_is_no_signature_is_not_given_out_and_can_be_asked_for_again() {
    in_runtime(async {
        let folder = tempfile::tempdir().unwrap();
        let broken = [
            "exit 3",
            "cat > /dev/null; echo not a signature",
            // A sequence of the right length with another content
            "cat > /dev/null; printf '\\060\\002\\005\\000'",
        ];
        for (n, script) in broken.iter().enumerate() {
            let app = with_program(&program(folder.path(), &format!("{n}.sh"), script)).await;
            let issued = Case::in_processing(&app).await.issued(&g1()).await;
            let path = format!("/api/v1/notices/{}/signature", issued["id"].as_str().unwrap());
            for _ in 0..2 {
                let refused = app.officer().await.get(&path).await;
                assert_eq!(refused.refusal(), (503, "signing_unavailable"), "{script}");
            }
        }
    });
}
