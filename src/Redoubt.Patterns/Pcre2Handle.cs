using System.Runtime.InteropServices;

namespace Redoubt.Patterns;

/// <summary>Owns something that the PCRE2 library allocated, and frees it once.</summary>
internal sealed class Pcre2Handle : SafeHandle
{
    private readonly Action<nint> _free;

    public Pcre2Handle(nint pointer, Action<nint> free)
        : base(0, ownsHandle: true)
    {
        _free = free;
        SetHandle(pointer);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The raw pointer, for calls during which the owner keeps this object alive.</summary>
    public nint Pointer => handle;

    protected override bool ReleaseHandle()
    {
        _free(handle);
        return true;
    }
}
