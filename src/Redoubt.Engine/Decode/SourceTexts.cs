using System.Text;
using Redoubt.Model;
using Redoubt.Patterns;

namespace Redoubt.Engine.Decode;

/// <summary>The texts that rules see of where a line comes from; one object per source, kept by <see cref="SourceTextCache"/>.</summary>
internal sealed class SourceTexts
{
    public SourceTexts(AgentIdentity agent, string location, bool isClaimed)
    {
        IsClaimed = isClaimed;
        Agent = agent;
        Location = location;
        AgentId = Encoding.UTF8.GetBytes(agent.Id);
        AgentName = Encoding.UTF8.GetBytes(agent.Name);
        AgentNameLowered = AsciiFold.ToLower(AgentName);
        FullLocation = Encoding.UTF8.GetBytes(agent.IsManagerHost ? location : $"({agent.Name}) {agent.Address ?? "any"}->{location}");
        FullLocationLowered = AsciiFold.ToLower(FullLocation);
    }

    public AgentIdentity Agent { get; }

    public string Location { get; }

    /// <summary>Whether anybody can have written its lines: they are counted apart.</summary>
    public bool IsClaimed { get; }

    public byte[] AgentId { get; }

    public byte[] AgentName { get; }

    public byte[] AgentNameLowered { get; }

    /// <summary>What <c>location</c> in rules looks at: for agents <c>(NAME) IP->FILE</c>.</summary>
    public byte[] FullLocation { get; }

    public byte[] FullLocationLowered { get; }
}
