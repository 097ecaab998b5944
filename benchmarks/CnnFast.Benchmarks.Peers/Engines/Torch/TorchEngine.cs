namespace CnnFast.Benchmarks.Peers;

/// <summary>libtorch's convolution and convolution_backward, contiguous and channels-last.</summary>
internal sealed class TorchEngine : Engine
{
    private TorchEngine()
        : base("libtorch", $"libtorch {Version()} ({LibTorch.OneDnnVersion()})")
    {
    }

    public static Engine Load(int threads)
    {
        if (LibTorch.Folder is null)
            throw new PeerAbsentException("its package serves Linux on x64 only");
        if (!Directory.Exists(LibTorch.Folder))
            throw new PeerAbsentException($"{LibTorch.Folder}, its package where this program was built, is not here");
        LibTorch.SetThreads(threads);
        LibTorch.SetGradMode(false);
        return new TorchEngine();
    }

    public override IEnumerable<Candidate> Candidates(ConvolutionData data, ConvolutionPass pass)
    {
        yield return new TorchCandidate(data, pass, channelsLast: true);
        yield return new TorchCandidate(data, pass, channelsLast: false);
    }

    /// <summary>The version of the package, whose folder is .../&lt;version&gt;/runtimes/&lt;platform&gt;/native.</summary>
    public static string Version() => Path.GetFileName(Path.GetFullPath(Path.Combine(LibTorch.Folder!, "..", "..", "..")));
}
