using Microsoft.Extensions.Time.Testing;
using Redoubt.Transport.Certificates;
using Redoubt.Transport.Port;

namespace Redoubt.Tests.Manager.Fleet;

/// <summary>Certificates of agents over their life, on a real port.</summary>
public sealed class CertificateTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public async Task A_live_connection_renews_its_certificate_and_the_next_one_uses_it()
    {
        await using var box = await PortBox.StartAsync(lifetime: 2 * Day);
        var folder = box.CredentialsOf("001");
        var first = EndOf(folder);
        box.Link(folder);
        await box.UntilAsync(() => box.IsActive("001"), "the agent is connected");

        for (var i = 0; i < 3; i++)
        {
            var before = EndOf(folder);
            await box.UntilAsync(() => EndOf(folder) > before, "the certificate is renewed", TimeSpan.FromHours(1));
        }

        // The certificate that the connection was made with has ended long ago.
        Assert.True(box.Time.GetLocalNow().DateTime > first, "Expected more than the first lifetime to be over.");
        Assert.Equal(1, box.Log.Count("Connected to manager"));
        box.Session("001").End();
        await box.UntilAsync(() => box.Log.Count("Connected to manager") == 2, "the agent is back", TimeSpan.FromSeconds(1));
        Assert.Equal(0, box.Refused(Refusal.ForeignCertificate));
    }

    [Fact]
    public async Task A_connection_ends_with_its_certificate_and_an_ended_one_is_refused_and_counted()
    {
        await using var box = await PortBox.StartAsync(lifetime: Day);
        var folder = box.CredentialsOf("001");
        // A host whose clock stands still never renews.
        box.Link(folder, new FakeTimeProvider(box.Time.GetUtcNow()));
        await box.UntilAsync(() => box.IsActive("001"), "the agent is connected");

        await box.UntilAsync(() => !box.IsActive("001"), "the connection ends", TimeSpan.FromHours(1));

        box.Link(folder, new FakeTimeProvider(DateTimeOffset.Parse("2026-01-01T00:00:00Z", null)));
        await box.UntilAsync(() => box.Refused(Refusal.ForeignCertificate) > 0, "the ended certificate is counted");
        await box.UntilAsync(() => box.Log.Count("refuses this agent: no valid certificate of this manager") > 0, "the agent is told");
    }

    [Theory]
    [InlineData("1970-01-02T00:00:00Z")]
    [InlineData("2050-01-01T00:00:00Z")]
    public async Task A_wrong_clock_of_the_host_is_named(string clock)
    {
        await using var box = await PortBox.StartAsync();

        box.Link(box.CredentialsOf("001"), new FakeTimeProvider(DateTimeOffset.Parse(clock, null)));

        await box.UntilAsync(() => box.Log.Count($"this host's clock says {clock[..10]}") == 1, "the clock is named");
    }

    [Fact]
    public async Task A_foreign_certificate_is_refused_counted_and_told_once_and_the_agent_waits()
    {
        await using var box = await PortBox.StartAsync();

        box.Link(box.CredentialsOf("001", box.Foreign()));

        await box.UntilAsync(() => box.Log.Count("refuses this agent: no valid certificate") == 1, "the agent is told");
        box.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, box.Refused(Refusal.ForeignCertificate));
        await box.UntilAsync(() => box.Refused(Refusal.ForeignCertificate) == 2, "it tries again", TimeSpan.FromSeconds(1));
        Assert.False(box.IsActive("001"));
    }

    [Fact]
    public async Task A_certificate_of_an_agent_that_was_removed_is_refused_and_counted()
    {
        await using var box = await PortBox.StartAsync();
        box.Agents.Revoke("001", 1);

        box.Link(box.CredentialsOf("001"));
        box.Link(box.CredentialsOf("002", generation: 7));

        await box.UntilAsync(() => box.Refused(Refusal.RevokedAgent) == 2, "both are refused");
        await box.UntilAsync(() => box.Log.Count("refuses this agent: agent 002 has enrolled again") == 1, "the agent is told");
    }

    private static DateTime EndOf(string folder)
    {
        using var credentials = AgentCredentials.Load(folder)!;
        return credentials.Certificate.NotAfter;
    }
}
