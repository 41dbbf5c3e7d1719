using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Redoubt.Agent.Link;
using Redoubt.Host;
using Redoubt.Transport.Certificates;
using Redoubt.Transport.Link;
using Redoubt.Transport.Protocol;

namespace Redoubt.Agent.Join;

/// <summary>The first contact of a host with its manager: a token against a certificate.</summary>
internal static class HostEnrolment
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Enrols and stores the certificate; waits for a manager that is away.</summary>
    /// <exception cref="StartException">The manager refuses the token, or is not the one the token names.</exception>
    internal static async Task RunAsync(
        IReadOnlyList<ManagerAddress> managers,
        EnrolmentToken token,
        string folder,
        string name,
        TimeProvider time,
        ILogger log,
        CancellationToken stopping
    )
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new EnrolRequest
        {
            Token = token.ToString(),
            Request = ByteString.CopyFrom(AgentCredentials.CreateRequest(key)),
            Name = name,
            HostName = Environment.MachineName,
            Version = ProgramVersion.Text,
        };
        var pause = FirstPause;
        for (var attempt = 0; ; attempt++)
        {
            var manager = managers[attempt % managers.Count];
            try
            {
                using var authority = await AuthorityOfAsync(manager, token, stopping);
                using var channel = ManagerChannel.ForEnrolment(manager, authority, time);
                var reply = await new Enrolment.EnrolmentClient(channel).EnrolAsync(request, cancellationToken: stopping);
                AgentCredentials.Save(folder, reply.Certificate.ToByteArray(), reply.Authority.ToByteArray(), key);
                FleetName.Save(folder, reply.Name);
                RefusalNote.Remove(folder);
                log.Enrolled(manager, reply.AgentId, reply.Name);
                return;
            }
            catch (RpcException e)
                when (e.StatusCode is StatusCode.PermissionDenied or StatusCode.InvalidArgument or StatusCode.Unauthenticated)
            {
                throw new StartException(
                    $"Manager {manager} refuses the token: {e.Status.Detail} Make a new one there with: redoubt agents token",
                    StartException.Refused
                );
            }
            catch (RpcException e)
            {
                if (stopping.IsCancellationRequested)
                    return;

                if (attempt == 0)
                    log.WaitsToEnrol(manager, e.Status.Detail);
            }

            await Task.Delay(pause * (1 + (Random.Shared.NextDouble() / 2)), time, stopping);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    // Whoever answers must be the manager that made the token, before the token is shown to it.
    private static async Task<X509Certificate2> AuthorityOfAsync(ManagerAddress manager, EnrolmentToken token, CancellationToken stopping)
    {
        using var channel = ManagerChannel.ForIntroduction(manager);
        var reply = await new Enrolment.EnrolmentClient(channel).IntroduceAsync(new IntroduceRequest(), cancellationToken: stopping);
        var bytes = reply.Authority.ToByteArray();
        return string.Equals(Convert.ToHexStringLower(SHA256.HashData(bytes)), token.AuthorityFingerprint, StringComparison.Ordinal)
            ? X509CertificateLoader.LoadCertificate(bytes)
            : throw new StartException(
                $"{manager} is not the manager that made this token: it has another authority. Check the address, or make a token there.",
                StartException.Refused
            );
    }
}
