using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Redoubt.Host;

namespace Redoubt.Tests.Host;

public sealed class HeartbeatTests : IAsyncDisposable
{
    private const string Beat = "WATCHDOG=1\nSTATUS=works";
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(15);

    private readonly SystemdBox _systemd = new();
    private readonly ServiceNotice _notice;
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _ending = new();
    private Task _beating = Task.CompletedTask;

    public HeartbeatTests() => _notice = ServiceNotice.Create(_systemd.Name, "30000000", null);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _beating;
        _notice.Dispose();
        _systemd.Dispose();
        _ending.Dispose();
    }

    [Fact]
    public void Beats_at_half_of_the_time_that_systemd_waits()
    {
        Start();

        _time.Advance(Half - TimeSpan.FromMilliseconds(1));
        Assert.True(_systemd.IsSilent);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(Beat, _systemd.Receive());
    }

    [Fact]
    public void A_loop_that_answers_when_it_is_asked_keeps_the_heart_beating()
    {
        LoopPulse? idle = null;
        idle = new LoopPulse("an idle loop", () => idle!.Beat());
        Start(idle);

        for (var i = 0; i < 3; i++)
        {
            _time.Advance(Half);
            Assert.Equal(Beat, _systemd.Receive());
        }
    }

    [Fact]
    public void A_loop_that_hangs_stops_the_heartbeat_until_it_goes_on()
    {
        var busy = new LoopPulse("a busy loop");
        var hung = new LoopPulse("a hung loop");
        Start(busy, hung);

        busy.Beat();
        _time.Advance(Half);
        Assert.Equal("STATUS=hangs: a hung loop", _systemd.Receive());
        _time.Advance(Half);
        Assert.Equal("STATUS=hangs: a busy loop, a hung loop", _systemd.Receive());

        busy.Beat();
        hung.Beat();
        _time.Advance(Half);
        Assert.Equal(Beat, _systemd.Receive());
    }

    [Fact]
    public void A_loop_that_waits_for_something_outside_does_not_hang()
    {
        var loop = new LoopPulse("a loop");
        Start(loop);

        using (loop.Outside())
        {
            for (var i = 0; i < 3; i++)
            {
                _time.Advance(Half);
                Assert.Equal(Beat, _systemd.Receive());
            }
        }

        _time.Advance(Half); // it came back in this one
        Assert.Equal(Beat, _systemd.Receive());
        _time.Advance(Half);
        Assert.Equal("STATUS=hangs: a loop", _systemd.Receive());
    }

    // The first notice comes at once; the timer is there when it has come.
    private void Start(params LoopPulse[] loops)
    {
        _beating = new Heartbeat(_notice, loops, () => "works", _time, NullLogger.Instance).RunAsync(_ending.Token);
        Assert.Equal(Beat, _systemd.Receive());
    }
}
