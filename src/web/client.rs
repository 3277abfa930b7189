//! Where a request comes from: the address that rate limits count by.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::HttpRequest;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::HeaderMap;

use crate::config::Network;

const FORWARDED: &str = "x-forwarded-for";

/// The reverse proxies whose word on the client's address is taken.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(pub Vec<Network>);

impl TrustedProxies {
    /// The address of the client.
    #[must_use]
    pub fn client(&self, req: &ServiceRequest) -> Option<IpAddr> {
        let peer = req.peer_addr()?.ip().to_canonical();
        Some(self.behind(peer, req.headers()))
    }

    /// Walks `X-Forwarded-For` from its end for as long as the ones who wrote it are trusted:
    /// anything further left was written by the client itself.
    #[must_use]
    pub fn behind(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let lines = headers.get_all(FORWARDED).filter_map(|value| value.to_str().ok());
        let named: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
        let mut client = peer;
        for address in named.into_iter().rev() {
            if !self.0.iter().any(|network| network.contains(client)) {
                break;
            }
            let Ok(address) = address.parse::<IpAddr>() else { break };
            client = address.to_canonical();
        }
        client
    }
}

/// The client's address, put into the request by the middleware.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// Whose requests are counted together: one IPv4 address, or the /64 of an IPv6 address, for
    /// one household has that many.
    #[must_use]
    pub fn counted_as(self) -> IpAddr {
        match self.0 {
            IpAddr::V6(address) => {
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
            }
            address @ IpAddr::V4(_) => address,
        }
    }

    /// The address of a request that went through the middleware.
    #[must_use]
    pub fn of(req: &HttpRequest) -> Option<Self> {
        use actix_web::HttpMessage;
        req.extensions().get::<Self>().copied()
    }
}
