using System.Runtime.InteropServices;

namespace Redoubt.Patterns;

/// <summary>The functions of the system's PCRE2 library (8 bit) that patterns use.</summary>
internal static unsafe partial class Pcre2Native
{
    public const uint JitComplete = 1;
    public const int ErrorNoMatch = -1;
    public const int ErrorJitStackLimit = -46;
    public const int ErrorMatchLimit = -47;
    public const int ErrorDepthLimit = -53;
    public const int ErrorHeapLimit = -63;
    public const uint InfoCaptureCount = 4;
    public static nuint Unset => nuint.MaxValue;

    private const string Library = "libpcre2-8.so.0";

    [LibraryImport(Library, EntryPoint = "pcre2_compile_8")]
    public static partial nint Compile(byte* pattern, nuint length, uint options, out int error, out nuint offset, nint context);

    [LibraryImport(Library, EntryPoint = "pcre2_code_free_8")]
    public static partial void FreeCode(nint code);

    [LibraryImport(Library, EntryPoint = "pcre2_jit_compile_8")]
    public static partial int JitCompile(nint code, uint options);

    [LibraryImport(Library, EntryPoint = "pcre2_pattern_info_8")]
    public static partial int PatternInfo(nint code, uint what, void* where);

    [LibraryImport(Library, EntryPoint = "pcre2_get_error_message_8")]
    public static partial int GetErrorMessage(int error, byte* buffer, nuint length);

    [LibraryImport(Library, EntryPoint = "pcre2_match_context_create_8")]
    public static partial nint CreateMatchContext(nint general);

    [LibraryImport(Library, EntryPoint = "pcre2_set_match_limit_8")]
    public static partial int SetMatchLimit(nint context, uint limit);

    [LibraryImport(Library, EntryPoint = "pcre2_set_depth_limit_8")]
    public static partial int SetDepthLimit(nint context, uint limit);

    [LibraryImport(Library, EntryPoint = "pcre2_jit_stack_create_8")]
    public static partial nint CreateJitStack(nuint start, nuint max, nint general);

    [LibraryImport(Library, EntryPoint = "pcre2_jit_stack_assign_8")]
    public static partial void AssignJitStack(nint context, nint callback, nint stack);

    [LibraryImport(Library, EntryPoint = "pcre2_match_data_create_8")]
    public static partial nint CreateMatchData(uint pairs, nint general);

    [LibraryImport(Library, EntryPoint = "pcre2_get_ovector_pointer_8")]
    public static partial nuint* GetOffsets(nint matchData);

    [LibraryImport(Library, EntryPoint = "pcre2_match_8")]
    public static partial int Match(nint code, byte* subject, nuint length, nuint start, uint options, nint matchData, nint context);

    [LibraryImport(Library, EntryPoint = "pcre2_match_data_free_8")]
    public static partial void FreeMatchData(nint matchData);

    [LibraryImport(Library, EntryPoint = "pcre2_match_context_free_8")]
    public static partial void FreeMatchContext(nint context);

    [LibraryImport(Library, EntryPoint = "pcre2_jit_stack_free_8")]
    public static partial void FreeJitStack(nint stack);
}
