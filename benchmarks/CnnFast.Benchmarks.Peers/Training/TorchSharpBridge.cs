using System.Runtime.InteropServices;
using TorchSharp;

namespace CnnFast.Benchmarks.Peers;

/// <summary>Loads libtorch and TorchSharp's native bridge from the folders of their packages, or another build of the bridge.</summary>
internal static class TorchSharpBridge
{
    /// <summary>The environment variable that names another build of the bridge, for systems whose libstdc++ is too old for it.</summary>
    public const string Variable = "CNNFAST_PEERS_TORCHSHARP";

    /// <summary>The runtime option that holds the folder of the bridge; the project file sets it.</summary>
    private const string FolderOption = "CnnFast.Peers.TorchSharp";

    /// <summary>Makes libtorch ready for a number of threads.</summary>
    /// <param name="threads">Threads that it may use.</param>
    /// <param name="absent">A sentence where it does not load.</param>
    /// <returns>Whether it is there.</returns>
    public static bool TryLoad(int threads, out string absent)
    {
        absent = "";
        try
        {
            string folder = LibTorch.Folder ?? throw new PeerAbsentException("its package serves Linux on x64 only");
            foreach (string library in new[] { "libtorch_cpu.so", "libtorch.so" })
                Load(Path.Combine(folder, library));
            Load(Environment.GetEnvironmentVariable(Variable)
                ?? Path.Combine((string)AppContext.GetData(FolderOption)!, "libLibTorchSharp.so"));
            torch.set_num_threads(threads);
            torch.ones(1).Dispose();
            return true;
        }
#pragma warning disable CA1031 // A peer that fails to load in whatever way is absent.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            absent = $"libtorch is absent: {MissingPart.Describe(exception)}";
            return false;
        }
    }

    private static void Load(string file)
    {
        if (!File.Exists(file))
            throw new PeerAbsentException($"{file}, which the package has where this program was built, is not here");
        try
        {
            NativeLibrary.Load(file);
        }
        catch (DllNotFoundException exception)
        {
            throw new PeerAbsentException(
                $"{MissingPart.Describe(exception)}; {Variable} may name a build of libLibTorchSharp.so that loads here");
        }
    }
}
