using System.Globalization;

namespace Redoubt.Lab;

/// <summary>A login that stays open and answers, until it is cut.</summary>
public sealed class SshSession : IAsyncDisposable
{
    private readonly LabProcess _client;
    private int _probes;

    internal SshSession(LabProcess client) => _client = client;

    /// <summary>Whether the other side still answers.</summary>
    /// <param name="patience">A session that stays silent for so long is dead.</param>
    public async Task<bool> IsAliveAsync(TimeSpan patience)
    {
        var probe = string.Create(CultureInfo.InvariantCulture, $"probe {++_probes}");
        try
        {
            await _client.WriteLineAsync(probe);
            await _client.Output.WaitForAsync($"^{probe}$", patience);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or IOException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _client.DisposeAsync();
}
