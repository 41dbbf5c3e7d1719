using System.Text;
using Redoubt.Decide;
using Redoubt.Model;

namespace Redoubt.Tests.Decide;

public class DeciderTests
{
    private static readonly RuleSummary Rule = BindingTests.Rule(5712, 10, "syslog,sshd,");

    [Fact]
    public void A_bound_alert_becomes_a_decision()
    {
        var response = ById() with { TimeoutSeconds = 1800, Hosts = ResponseHosts.DefinedAgent, AgentIds = ["003"], GroupNames = ["web"] };
        response = response with { Command = response.Command with { ExtraArguments = ["--zone", "dmz"] } };

        var decision = Assert.Single(Decide(Alert(), response));

        Assert.Equal(BlockState.Decided, decision.State);
        Assert.Null(decision.Reason);
        Assert.Equal("10.0.0.6", decision.Target.ToString());
        Assert.Equal("firewall-drop1800", decision.Response);
        Assert.Equal(["--zone", "dmz"], decision.Arguments);
        Assert.Equal((ResponseHosts.DefinedAgent, 1800), (decision.Hosts, decision.Seconds));
        Assert.Equal(["003"], decision.AgentIds);
        Assert.Equal(["web"], decision.GroupNames);
    }

    [Fact]
    public void Scenario_10_All_bound_responses_run_in_the_order_of_the_file()
    {
        var decisions = Decide(Alert(), ById("host-deny"), BindingTests.Response("never"), ById("firewall-drop"), ById("host-deny"));

        Assert.Equal(["host-deny", "firewall-drop", "host-deny"], decisions.Select(d => d.Executable));
    }

    [Fact]
    public void An_alert_of_a_rule_without_response_and_a_line_without_a_rule_give_nothing()
    {
        var decider = new Decider(new DecideOptions { Responses = [ById()] }, [Rule]);

        Assert.Empty(decider.Decide(Alert() with { Rule = BindingTests.Rule(5710, 5, "sshd,") }));
        Assert.Empty(decider.Decide(Alert() with { Rule = null }));
        Assert.True(decider.HasResponse(5712));
        Assert.False(decider.HasResponse(5710));
        Assert.Equal(1, decider.BoundRules);
    }

    [Theory]
    [InlineData("ar_log", null)]
    [InlineData("ar_log_unix", "ar_log")]
    [InlineData("ar_log_json", null)]
    public void Scenario_28_Our_own_response_log_starts_a_response_only_by_the_rules_id(string decoder, string? parent)
    {
        var alert = Alert() with { Decoder = decoder, DecoderParent = parent };

        Assert.Empty(Decide(alert, BindingTests.Response() with { Level = 3 }));
        Assert.Single(
            Decide(
                alert,
                BindingTests.Response() with
                {
                    Level = 3,
                    RuleIds = new HashSet<int> { 5712 },
                }
            )
        );
    }

    [Theory]
    [InlineData(null, "the alert names no source address")]
    [InlineData("", "'' is not an address")]
    [InlineData("attacker.example.org", "'attacker.example.org' is not an address")]
    [InlineData("10.6", "'10.6' is not an address")]
    [InlineData("0x0a000006", "'0x0a000006' is not an address")]
    [InlineData("10.0.0.0/8", "'10.0.0.0/8' is not an address")]
    [InlineData("0.0.0.0/0", "'0.0.0.0/0' is not an address")]
    [InlineData("10.0.0.6\n", "'10.0.0.6.' is not an address")]
    public void What_is_no_single_address_is_skipped_with_the_reason(string? source, string reason)
    {
        var decision = Assert.Single(Decide(Alert(source), ById()));

        Assert.Equal((BlockState.Skipped, reason), (decision.State, decision.Reason));
        Assert.Null(decision.Target);
    }

    [Fact]
    public void A_long_source_is_cut_in_the_reason()
    {
        var decision = Assert.Single(Decide(Alert(new string('a', 5000)), ById()));

        Assert.InRange(decision.Reason!.Length, 64, 100);
    }

    [Theory]
    [InlineData("::ffff:10.0.0.6", "10.0.0.6")]
    [InlineData("2001:DB8:0::7", "2001:db8::7")]
    public void The_target_has_its_canonical_form(string source, string target) =>
        Assert.Equal(target, Assert.Single(Decide(Alert(source), ById())).Target.ToString());

    [Theory]
    [InlineData("a+b;c")]
    [InlineData("DOM\\x")]
    [InlineData("a$(reboot)")]
    [InlineData("root from 10.0.0.7 port 22")]
    [InlineData("\n\0\u202e")]
    public void Scenario_24_A_hostile_user_name_does_not_protect_its_address(string user)
    {
        var decision = Assert.Single(Decide(Alert("10.0.0.6", ("dstuser", user)), ById()));

        Assert.Equal(BlockState.Decided, decision.State);
        Assert.Equal("10.0.0.6", decision.Target.ToString());
        Assert.Equal(user, decision.User);
    }

    [Fact]
    public void The_address_of_a_Windows_event_comes_before_srcip()
    {
        var alert = Alert("10.0.0.6", ("win.eventdata.destinationIp", "10.0.0.8"), ("win.eventdata.ipAddress", "10.0.0.7"));

        Assert.Equal("10.0.0.7", Assert.Single(Decide(alert, ById())).Target.ToString());
    }

    [Fact]
    public void A_field_of_almost_that_name_is_no_source()
    {
        var decision = Assert.Single(Decide(Alert(null, ("SrcIP", "10.0.0.9"), ("data.srcip", "10.0.0.9"), ("DstUser", "eve")), ById()));

        Assert.Equal((BlockState.Skipped, "the alert names no source address"), (decision.State, decision.Reason));
        Assert.Null(decision.User);
    }

    [Fact]
    public void An_address_that_a_client_can_type_is_skipped()
    {
        var alert = Alert() with { Fields = [new AlertField("srcip", "10.0.0.6"u8.ToArray(), false, false, ClientText: true)] };

        var decision = Assert.Single(Decide(alert, ById()));

        Assert.Equal((BlockState.Skipped, "the source address stands in text that a client can type"), (decision.State, decision.Reason));
        Assert.Null(Assert.Single(Decide(alert, ById("my-script"))).Target);
    }

    [Theory]
    [InlineData("firewall-drop")]
    [InlineData("disable-account")]
    [InlineData("my-script")]
    public void A_suspicious_line_starts_nothing(string executable)
    {
        var decision = Assert.Single(Decide(Alert() with { Suspicion = "two sources" }, ById(executable)));

        Assert.Equal((BlockState.Skipped, "two sources"), (decision.State, decision.Reason));
    }

    [Theory]
    [InlineData("firewall-drop", false, BlockState.Skipped)]
    [InlineData("my-script", false, BlockState.Skipped)]
    [InlineData("disable-account", false, BlockState.Decided)]
    [InlineData("restart-wazuh", false, BlockState.Decided)]
    [InlineData("firewall-drop", true, BlockState.Decided)]
    public void The_white_list_stops_what_could_act_on_the_source(string executable, bool ignoreWhiteList, BlockState state)
    {
        var decision = Assert.Single(
            Decide(Alert(), List("10.0.0.0/8"), ResponseMode.Enforce, ById(executable) with { IgnoreWhiteList = ignoreWhiteList })
        );

        Assert.Equal(state, decision.State);
        Assert.Equal(state == BlockState.Skipped ? "white_list 10.0.0.0/8" : null, decision.Reason);
    }

    [Fact]
    public void A_prefix_as_source_cannot_get_around_the_white_list() =>
        Assert.Equal(BlockState.Skipped, Assert.Single(Decide(Alert("10.0.0.0/24"), List("10.0.0.6"), ResponseMode.Enforce, ById())).State);

    [Fact]
    public void What_acts_on_an_account_has_no_address_as_target()
    {
        var decision = Assert.Single(Decide(Alert("10.0.0.6", ("dstuser", "eve")), ById("disable-account")));

        Assert.Null(decision.Target);
        Assert.Equal("eve", decision.User);
    }

    [Theory]
    [InlineData(ResponseMode.Enforce, ResponseMode.Enforce, BlockState.Decided)]
    [InlineData(ResponseMode.Observe, ResponseMode.Enforce, BlockState.Observed)]
    [InlineData(ResponseMode.Enforce, ResponseMode.Observe, BlockState.Observed)]
    [InlineData(ResponseMode.Observe, ResponseMode.Observe, BlockState.Observed)]
    public void Scenario_78_The_strictest_mode_wins(ResponseMode everywhere, ResponseMode here, BlockState state) =>
        Assert.Equal(state, Assert.Single(Decide(Alert(), Allowlist.Empty, everywhere, ById() with { Mode = here })).State);

    [Theory]
    [InlineData(LineOrigin.Network, RequiredOrigin.Relayed, false)]
    [InlineData(LineOrigin.Network, RequiredOrigin.Verified, false)]
    [InlineData(LineOrigin.Network, RequiredOrigin.Any, true)]
    [InlineData(LineOrigin.Unprivileged, RequiredOrigin.Relayed, false)]
    [InlineData(LineOrigin.Unprivileged, RequiredOrigin.Verified, false)]
    [InlineData(LineOrigin.Unprivileged, RequiredOrigin.Any, true)]
    [InlineData(LineOrigin.Relayed, RequiredOrigin.Relayed, true)]
    [InlineData(LineOrigin.Relayed, RequiredOrigin.Verified, false)]
    [InlineData(LineOrigin.Relayed, RequiredOrigin.Any, true)]
    [InlineData(LineOrigin.Verified, RequiredOrigin.Relayed, true)]
    [InlineData(LineOrigin.Verified, RequiredOrigin.Verified, true)]
    [InlineData(LineOrigin.Verified, RequiredOrigin.Any, true)]
    [InlineData(LineOrigin.Forged, RequiredOrigin.Relayed, false)]
    [InlineData(LineOrigin.Forged, RequiredOrigin.Verified, false)]
    [InlineData(LineOrigin.Forged, RequiredOrigin.Any, false)]
    public void A_response_acts_only_on_lines_of_the_origin_it_asks_for(LineOrigin origin, RequiredOrigin required, bool acts)
    {
        var decision = Assert.Single(Decide(Alert() with { Origin = origin }, ById() with { RequiredOrigin = required }));

        Assert.Equal(acts ? BlockState.Decided : BlockState.Skipped, decision.State);
        Assert.Equal(acts, decision.Reason is null or "");
    }

    [Theory]
    [InlineData(true, BlockState.Observed)]
    [InlineData(false, BlockState.Decided)]
    public void A_rule_may_only_observe(bool observes, BlockState state) =>
        Assert.Equal(state, Assert.Single(Decide(Alert() with { Rule = Rule with { ObserveOnly = observes } }, ById())).State);

    [Fact]
    public void What_would_be_skipped_is_skipped_in_observe_mode_too() =>
        Assert.Equal(BlockState.Skipped, Assert.Single(Decide(Alert(), List("10.0.0.6"), ResponseMode.Observe, ById())).State);

    private static ActiveResponseOptions ById(string executable = "firewall-drop") =>
        BindingTests.Response(executable) with
        {
            RuleIds = new HashSet<int> { 5712 },
        };

    private static IReadOnlyList<Decision> Decide(Alert alert, params ActiveResponseOptions[] responses) =>
        Decide(alert, Allowlist.Empty, ResponseMode.Enforce, responses);

    private static IReadOnlyList<Decision> Decide(
        Alert alert,
        Allowlist list,
        ResponseMode mode,
        params ActiveResponseOptions[] responses
    ) =>
        new Decider(
            new DecideOptions
            {
                Responses = responses,
                Allowlist = list,
                Mode = mode,
            },
            [Rule]
        ).Decide(alert);

    private static Allowlist List(string entry) =>
        new([AllowlistEntry.TryParse(entry, out var read, out var problem) ? read : throw new FormatException(problem)]);

    private static Alert Alert(string? source = "10.0.0.6", params (string Name, string Value)[] more)
    {
        var fields = more.Select(f => new AlertField(f.Name, Encoding.UTF8.GetBytes(f.Value), f.Name.Contains('.'), false, false));
        return new Alert
        {
            ArrivalUnixMilliseconds = 0,
            Rule = Rule,
            Agent = new AgentIdentity("001", "web01", "10.0.0.5"),
            Location = "/var/log/auth.log",
            FullLog = [],
            Decoder = "sshd",
            DecoderParent = "sshd",
            Fields = source is null
                ? [.. fields]
                : [new AlertField("srcip", Encoding.UTF8.GetBytes(source), false, false, false), .. fields],
        };
    }
}
