using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Redoubt.Transport.Certificates;
using Redoubt.Transport.Port;

namespace Redoubt.App.Manager;

/// <summary>The port that agents come to: mutual TLS 1.3, with limits that hold before anybody has proven who he is.</summary>
/// <remarks>Each peer that is sent away is counted by its reason and told in the log, one line a minute for each address and reason.</remarks>
internal sealed class AgentPort(
    CertificateAuthority authority,
    AgentAdmission admission,
    PortGate gate,
    PortKnock knock,
    TimeProvider time,
    ILogger log
)
{
    private const int MaxTold = 256;
    private static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(Refusal, string), long> _told = [];

    /// <summary>Makes a listener the agents' port.</summary>
    internal void Use(ListenOptions listener)
    {
        listener.Protocols = HttpProtocols.Http2;
        listener.Use(next => connection => AdmitAsync(connection, next));
        listener.UseHttps(
            new HttpsConnectionAdapterOptions
            {
                ServerCertificate = authority.CreateManagerCertificate(),
                SslProtocols = SslProtocols.Tls13,
                ClientCertificateMode = ClientCertificateMode.AllowCertificate,
                // The fleet service checks it and says what is wrong with it; enrolment needs none.
                ClientCertificateValidation = (_, _, _) => true,
                HandshakeTimeout = gate.Limits.TimeToProve,
            }
        );
        listener.Use(next => connection => ProveAsync(connection, next));
    }

    /// <summary>Holds every request to what ours need.</summary>
    internal static void Limit(KestrelServerLimits limits)
    {
        limits.MaxRequestHeadersTotalSize = PortLimits.HeaderBytes;
        limits.MaxRequestHeaderCount = PortLimits.Headers;
        limits.MaxRequestLineSize = PortLimits.HeaderBytes;
        limits.Http2.MaxRequestHeaderFieldSize = PortLimits.HeaderBytes;
        limits.Http2.MaxStreamsPerConnection = 8;
    }

    /// <summary>A service answers this connection; what follows is not held against it.</summary>
    internal static void Settle(HttpContext context)
    {
        if (context.Features.Get<Visitor>() is { } visitor)
            visitor.IsSettled = true;
    }

    /// <summary>Counts and tells a peer that is sent away.</summary>
    internal void Refuse(HttpContext context, Refusal refusal, string reason)
    {
        Settle(context);
        gate.Count(refusal);
        Tell(refusal, context.Connection.RemoteIpAddress, reason);
    }

    private async Task AdmitAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (knock.IsKnock(connection.RemoteEndPoint as IPEndPoint))
            return;

        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (gate.Enter(address, out var refusal) is not { } visitor)
        {
            Tell(refusal, address, WordsOf(refusal));
            connection.Abort(new ConnectionAbortedException(WordsOf(refusal)));
            return;
        }

        connection.Features.Set(visitor);
        await using var deadline = time.CreateTimer(
            _ => EndIfUnproven(connection, visitor),
            null,
            gate.Limits.TimeToProve,
            Timeout.InfiniteTimeSpan
        );
        try
        {
            await next(connection);
        }
        finally
        {
            gate.Leave(visitor);
            if (!visitor.IsSettled)
                RefuseSilent(visitor, visitor.HasShakenHands ? Refusal.NoRequest : Refusal.NoHandshake);
        }
    }

    private Task ProveAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.Features.Get<Visitor>() is { } visitor)
        {
            visitor.HasShakenHands = true;
            if (admission.Find(connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate, out _, out _) is not null)
                gate.Prove(visitor);
        }

        return next(connection);
    }

    private void EndIfUnproven(ConnectionContext connection, Visitor visitor)
    {
        if (visitor.IsProven)
            return;

        if (!visitor.IsSettled)
            RefuseSilent(visitor, Refusal.TooSlow);

        connection.Abort(new ConnectionAbortedException(WordsOf(Refusal.TooSlow)));
    }

    private void RefuseSilent(Visitor visitor, Refusal refusal)
    {
        visitor.IsSettled = true;
        gate.Count(refusal);
        Tell(refusal, visitor.Address, WordsOf(refusal));
    }

    // Who floods the port must not flood the log.
    private void Tell(Refusal refusal, IPAddress? address, string reason)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            if (_told.Count >= MaxTold)
            {
                foreach (var old in _told.Where(t => time.GetElapsedTime(t.Value, now) >= TellEvery).ToArray())
                    _told.Remove(old.Key);
            }

            // So many at once are told together.
            var from = _told.Count >= MaxTold ? string.Empty : address?.ToString() ?? string.Empty;
            if (_told.TryGetValue((refusal, from), out var last) && time.GetElapsedTime(last, now) < TellEvery)
                return;

            _told[(refusal, from)] = now;
        }

        log.ConnectionRefused(address, reason, gate.Refused[refusal]);
    }

    private static string WordsOf(Refusal refusal) =>
        refusal switch
        {
            Refusal.TooMany => "more connections at once than this port has room for",
            Refusal.TooManyFromAddress => "more connections at once than one address may have without an agent's certificate",
            Refusal.TooFast => "more new connections in a minute than one address may make",
            Refusal.TooSlow => "neither an agent's certificate nor an enrolment in time",
            Refusal.NoHandshake => "it speaks no TLS 1.3",
            _ => "it asks for nothing that is answered here, or for too much at once",
        };
}
