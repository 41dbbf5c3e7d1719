using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Redoubt.Host;

namespace Redoubt.Tests.Manager;

public sealed class HostNamesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Warnings _warnings = new();
    private readonly Dictionary<string, Func<Task<IPAddress[]>>> _answers = new(StringComparer.Ordinal);
    private readonly HostNames _names;

    public HostNamesTests() => _names = new HostNames((name, _) => _answers[name](), _time, _warnings);

    [Fact]
    public async Task A_name_is_what_it_was_last_told_to_be()
    {
        _names.Use(["a.example"]);
        Answer("a.example", "192.0.2.7", "2001:db8::7", "::ffff:192.0.2.7");
        Assert.True(await _names.AskAsync(CancellationToken.None));
        Assert.Equal(["192.0.2.7", "2001:db8::7"], Addresses());
        Assert.False(await _names.AskAsync(CancellationToken.None));

        _answers["a.example"] = () => throw new SocketException((int)SocketError.HostNotFound);
        Assert.False(await _names.AskAsync(CancellationToken.None));
        Assert.False(await _names.AskAsync(CancellationToken.None));
        Assert.Equal(["192.0.2.7", "2001:db8::7"], Addresses());
        Assert.Equal(1, _warnings.Count);

        Answer("a.example", "192.0.2.8");
        Assert.True(await _names.AskAsync(CancellationToken.None));
        Assert.Equal(["192.0.2.8"], Addresses());
        _names.Use([]);
        Assert.Empty(Addresses());
    }

    [Fact]
    public async Task A_resolver_that_hangs_holds_up_nobody()
    {
        _names.Use(["slow.example", "a.example"]);
        _answers["slow.example"] = () => new TaskCompletionSource<IPAddress[]>().Task;
        Answer("a.example", "192.0.2.7");

        var asking = _names.AskAsync(CancellationToken.None);
        _time.Advance(HostNames.Patience);

        Assert.True(await asking);
        Assert.Equal(["192.0.2.7"], Addresses());
        Assert.Equal(1, _warnings.Count);
    }

    [Fact]
    public async Task A_new_name_is_asked_for_at_once_and_again_after_a_minute()
    {
        using var stopping = new CancellationTokenSource();
        var changed = System.Threading.Channels.Channel.CreateUnbounded<string>();
        Answer("a.example", "192.0.2.7");
        var running = _names.RunAsync(() => changed.Writer.WriteAsync(string.Join(',', Addresses())).AsTask(), stopping.Token);
        _names.Use(["a.example"]);
        Assert.Equal("192.0.2.7", await changed.Reader.ReadAsync());

        Answer("a.example", "192.0.2.9");
        while (!changed.Reader.TryPeek(out _))
        {
            _time.Advance(HostNames.Interval);
            await Task.Yield();
        }

        Assert.Equal("192.0.2.9", await changed.Reader.ReadAsync());
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await running;
            stopping.Token.ThrowIfCancellationRequested();
        });
    }

    private void Answer(string name, params string[] addresses) =>
        _answers[name] = () => Task.FromResult(Array.ConvertAll(addresses, IPAddress.Parse));

    private string[] Addresses() => [.. _names.Current.Select(n => n.Address.ToString())];

    private sealed class Warnings : ILogger
    {
        internal int Count { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (logLevel == LogLevel.Warning)
                Count++;
        }
    }
}
