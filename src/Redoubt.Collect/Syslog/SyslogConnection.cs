using System.Net;
using System.Net.Sockets;

namespace Redoubt.Collect.Syslog;

/// <summary>Reads the lines of one connection: TLS where it is asked for, then messages by lines or counts.</summary>
/// <remarks>Memory: one longest message. Threads: one task.</remarks>
internal sealed class SyslogConnection(
    SyslogReceiverOptions options,
    SyslogTls? tls,
    IPAddress sender,
    Func<SyslogLine, Task> take,
    TimeProvider time
)
{
    /// <summary>Reads until the sender ends.</summary>
    /// <returns>False when it is to be cut off: what it sends is not framed as it must be.</returns>
    /// <exception cref="IOException">The sender is gone.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">It speaks no TLS, or shows no certificate that is accepted.</exception>
    internal async Task<bool> ReadAsync(NetworkStream connection, CancellationToken ending)
    {
        if (tls is null)
            return await ReadAsync(connection, countsOnly: false, ending).ConfigureAwait(false);

        using var patience = new CancellationTokenSource(options.MaxHandshake, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ending);
        var stream = await tls.AcceptAsync(connection, either.Token).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
            return await ReadAsync(stream, countsOnly: true, ending).ConfigureAwait(false);
    }

    private async Task<bool> ReadAsync(Stream stream, bool countsOnly, CancellationToken ending)
    {
        var framing = new SyslogFraming(options.MaxLineBytes, countsOnly);
        while (true)
        {
            using var patience = new CancellationTokenSource(options.MaxSilence, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ending);
            var count = await stream.ReadAsync(framing.Room, either.Token).ConfigureAwait(false);
            if (count == 0)
                break;

            framing.Filled(count);
            while (TryNext(framing, out var line))
            {
                if (line is not null)
                    await take(line).ConfigureAwait(false);
            }

            if (framing.IsBroken)
                return false;
        }

        // A sender that ends without a newline has ended its last line.
        if (!framing.Rest.IsEmpty)
            await take(SyslogMessage.LineOf(sender, framing.Rest, time)).ConfigureAwait(false);

        return true;
    }

    private bool TryNext(SyslogFraming framing, out SyslogLine? line)
    {
        line = null;
        if (!framing.TryCut(out var message))
            return false;

        if (!message.IsEmpty)
            line = SyslogMessage.LineOf(sender, message, time);

        return true;
    }
}
