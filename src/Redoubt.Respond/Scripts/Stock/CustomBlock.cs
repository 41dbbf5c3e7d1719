namespace Redoubt.Respond.Scripts;

/// <summary><c>ip-customblock</c>: an empty file named by the address, for tools of the host's owner.</summary>
/// <remarks>Source: active-response.md section 4.</remarks>
internal sealed class CustomBlock(string folder) : IStockResponse
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <inheritdoc/>
    public IReadOnlyList<string> Names { get; } = ["ip-customblock", "ip-customblock.sh"];

    /// <inheritdoc/>
    public bool IsUndone => true;

    /// <inheritdoc/>
    public string Subject(Order order, out string? problem)
    {
        problem = order.HasTarget && order.Target.IsSingle ? null : StockTexts.NoAddress;
        return order.HasTarget ? order.Target.ToString() : "-";
    }

    /// <inheritdoc/>
    public StockResult Add(Order order, string subject, CancellationToken stopping)
    {
        try
        {
            if (PosixFile.Look(folder) is null)
                PosixFile.MakeFolder(folder, FolderMode);
            PosixFile.OpenForAppend(folder, subject, FileMode).Dispose();
            return new StockResult(EnforceOutcome.Enforced, $"{Path.Join(folder, subject)} is there");
        }
        catch (IOException e)
        {
            return StockResult.Failed(e.Message);
        }
    }

    /// <inheritdoc/>
    public StockResult Delete(Order order, string subject, CancellationToken stopping)
    {
        var path = Path.Join(folder, subject);
        try
        {
            File.Delete(path);
            return new StockResult(EnforceOutcome.Released, $"{path} is gone");
        }
        catch (DirectoryNotFoundException)
        {
            return new StockResult(EnforceOutcome.Released, $"{path} is gone");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return StockResult.Failed(e.Message);
        }
    }
}
