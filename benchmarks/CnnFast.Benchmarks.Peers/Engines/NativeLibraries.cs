using System.Reflection;
using System.Runtime.InteropServices;

namespace CnnFast.Benchmarks.Peers;

/// <summary>Where the peers' native libraries are looked for.</summary>
internal static partial class NativeLibraries
{
    private static readonly Dictionary<string, string[]> s_files = [];

    static NativeLibraries() => NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), Resolve);

    /// <summary>Names the files that a library may be, best first.</summary>
    public static void Register(string library, params string[] files) => s_files[library] = files;

    /// <summary>Sets a variable of the process itself: native libraries do not see those that .NET sets.</summary>
    public static void SetVariable(string name, string value)
    {
        if (!OperatingSystem.IsWindows())
            _ = SetEnv(name, value, 1);
        Environment.SetEnvironmentVariable(name, value);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? path)
    {
        foreach (string file in s_files.GetValueOrDefault(library, []))
        {
            if (NativeLibrary.TryLoad(file, out nint handle))
                return handle;
        }

        return 0;
    }
}
