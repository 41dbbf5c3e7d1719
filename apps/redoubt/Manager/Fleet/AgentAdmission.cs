using System.Security.Cryptography.X509Certificates;
using Redoubt.Store;
using Redoubt.Transport.Certificates;
using Redoubt.Transport.Port;

namespace Redoubt.App.Manager;

/// <summary>Whether a client certificate is that of an agent of this fleet.</summary>
/// <remarks>Threads: safe. Cost: about 1 ms.</remarks>
internal sealed class AgentAdmission(CertificateAuthority authority, AgentRegistry agents)
{
    private const string EnrolAgain = "enrol this host again with a token from 'redoubt agents token'";

    /// <summary>The agent; or null, with the reason for the peer and for our log.</summary>
    internal AgentRecord? Find(X509Certificate2? certificate, out Refusal refusal, out string reason)
    {
        (refusal, reason) = (Refusal.ForeignCertificate, $"no valid certificate of this manager; {EnrolAgain}");
        if (certificate is null || !authority.IsOurAgent(certificate))
            return null;

        refusal = Refusal.RevokedAgent;
        var id = CertificateAuthority.AgentIdOf(certificate);
        var agent = agents.Find(id);
        reason =
            agent is null ? $"agent {id} is not known here; {EnrolAgain}"
            : agent.IsRevoked ? FleetDesk.WhyRevoked(agent)
            : CertificateAuthority.GenerationOf(certificate) != agent.Generation
                ? $"agent {id} has enrolled again since this certificate was made; enrol this host with a token of its own"
            : string.Empty;
        return reason.Length == 0 ? agent : null;
    }
}
