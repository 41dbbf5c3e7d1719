using System.Text;
using Redoubt.Collect.Native;

namespace Redoubt.Collect.Files;

/// <summary>Watches the folders in which a path, and the file its symbolic link leads to, can appear.</summary>
/// <remarks>A folder that is missing is replaced by the nearest one above it. Cost of <see cref="Watch"/>: two or three system calls.</remarks>
internal sealed class WatchedFolders(string path, Inotify inotify, Inotify.IWatcher watcher) : IDisposable
{
    private readonly byte[] _name = Encoding.UTF8.GetBytes(Path.GetFileName(path));
    private readonly string _folder = Path.GetDirectoryName(path)!;
    private byte[] _targetName = [];
    private int _watch = -1;
    private int _targetWatch = -1;
    private bool _isSubstitute;

    public void Dispose()
    {
        inotify.Remove(_watch, watcher);
        inotify.Remove(_targetWatch, watcher);
    }

    /// <summary>Whether an entry of a watched folder can concern us.</summary>
    internal bool IsOfInterest(ReadOnlySpan<byte> entry) => _isSubstitute || entry.SequenceEqual(_name) || entry.SequenceEqual(_targetName);

    /// <summary>Sets the watches anew where the folders are others than before.</summary>
    internal void Watch()
    {
        var watch = AddNearest(out _isSubstitute);
        var target = Target();
        _targetName = target is null ? [] : Encoding.UTF8.GetBytes(Path.GetFileName(target));
        var targetWatch = target is null ? -1 : inotify.Add(Path.GetDirectoryName(target)!, Inotify.FolderMask, watcher);

        var former = (_watch, _targetWatch);
        (_watch, _targetWatch) = (watch, targetWatch);
        RemoveUnlessInUse(former._watch);
        RemoveUnlessInUse(former._targetWatch);
    }

    private int AddNearest(out bool isSubstitute)
    {
        isSubstitute = false;
        for (var folder = _folder; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var watch = inotify.Add(folder, Inotify.FolderMask, watcher);
            if (watch >= 0)
                return watch;
            isSubstitute = true;
        }

        return -1;
    }

    private string? Target()
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Missing, a circle, or not ours to see: opening it will say so.
            return null;
        }
    }

    private void RemoveUnlessInUse(int watch)
    {
        if (watch != _watch && watch != _targetWatch)
            inotify.Remove(watch, watcher);
    }
}
