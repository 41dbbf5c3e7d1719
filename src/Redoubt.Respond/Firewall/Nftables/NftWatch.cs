using System.Globalization;
using Redoubt.Model;
using Redoubt.Respond.Firewall.Netlink;
using static Redoubt.Respond.Firewall.Nftables.NftConstants;

namespace Redoubt.Respond.Firewall.Nftables;

/// <summary>Listens to what others change in our table.</summary>
/// <remarks>
/// The kernel tells of every transaction in this network namespace: an object each, then who did it. It does not tell of elements that run
/// out, so a block that ends on time is no event. What our own socket has changed is thrown away in the kernel.
/// </remarks>
internal sealed class NftWatch : IFirewallWatch
{
    private readonly NetlinkSocket socket = new(NetlinkSocket.Netfilter, ChangesGroup);
    private readonly List<NftElement> elements = [];

    /// <param name="ownPort">The socket whose changes are ours.</param>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    internal NftWatch(uint ownPort)
    {
        try
        {
            socket.Ignore(ownPort);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public int Descriptor => socket.Descriptor;

    public void Read(FirewallSuspicion into)
    {
        while (true)
        {
            try
            {
                if (!socket.TryReceive(out var rest))
                    return;

                while (NetlinkMessage.TryTake(ref rest, out var message))
                    Look(in message, into);
            }
            catch (NetlinkException e) when (e.Errno == Errno.NoBuffers)
            {
                // More changes than the socket could hold; which ones is lost.
                (into.Structure, into.Everything) = (true, true);
            }
        }
    }

    public void Dispose() => socket.Dispose();

    private void Look(in NetlinkMessage message, FirewallSuspicion into)
    {
        if (message.Payload.Length < 4)
            return;

        var attributes = message.Payload[4..];
        if (message.Type == NewGeneration)
        {
            NoteAuthor(attributes, into);
            return;
        }

        // Attribute 1 is the table's name in all of these.
        if (
            message.Payload[0] != FamilyInet
            || !NetlinkAttribute.TryFind(attributes, TableName, out var table)
            || !string.Equals(table.Text, NftNames.Table, StringComparison.Ordinal)
        )
            return;

        switch (message.Type)
        {
            case DeleteTable or DeleteSet:
                (into.Structure, into.Everything) = (true, true);
                break;
            case NewTable or NewChain or DeleteChain or NewRule or DeleteRule or NewSet:
                into.Structure = true;
                break;
            case NewElement or DeleteElement:
                NoteElements(in message, attributes, into);
                break;
        }
    }

    private void NoteElements(in NetlinkMessage message, ReadOnlySpan<byte> attributes, FirewallSuspicion into)
    {
        if (!NetlinkAttribute.TryFind(attributes, ElementListSet, out var name))
            return;

        var setName = name.Text;
        var set = Array.Find(NftNames.Sets, s => string.Equals(s.Name, setName, StringComparison.Ordinal));
        if (set is null)
            return;

        if (set.IsInterval)
        {
            into.Prefixes = true;
            return;
        }

        elements.Clear();
        NftElements.Read(in message, set.KeyBytes, elements, message.Type);
        foreach (var element in elements)
            into.Add(BlockTarget.Of(element.Key));
    }

    private static void NoteAuthor(ReadOnlySpan<byte> attributes, FirewallSuspicion into)
    {
        if (
            into.IsEmpty
            || !NetlinkAttribute.TryFind(attributes, GenerationProcessName, out var name)
            || !NetlinkAttribute.TryFind(attributes, GenerationProcessId, out var id)
        )
            return;

        // A process chooses its own name: no control character of it may reach a log.
        var author = name.Text;
        var clean = string.Concat(author.Where(c => !char.IsControl(c)));
        into.Author = string.Create(CultureInfo.InvariantCulture, $"{clean} (process {id.UInt32Big})");
    }
}
