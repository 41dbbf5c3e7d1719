namespace Redoubt.Config;

/// <summary>Files of a <c>&lt;remote&gt;</c> section with the protocol tls; PEM all of them.</summary>
/// <param name="Certificate"><c>tls_certificate</c>: ours first, then those between it and its authority.</param>
/// <param name="Key"><c>tls_key</c>.</param>
/// <param name="ClientAuthority"><c>tls_client_ca</c>: who may send shows a certificate of one of these; null: none is asked for.</param>
public sealed record RemoteTlsFiles(string Certificate, string Key, string? ClientAuthority);
