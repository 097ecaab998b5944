namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// oneDNN's convolution primitives. Its direct ones, in layouts of its own choice and NHWC, are what frameworks ask for; its Winograd ones,
/// which it has for AVX-512 alone, are an engine of their own.
/// </summary>
internal sealed class OneDnnEngine : Engine
{
    /// <summary>The name of the engine that is asked for Winograd.</summary>
    public const string WinogradName = "onednn-wino";

    private readonly OneDnnDevice _device = new();
    private readonly (string Layout, int Tag)[] _layouts;
    private readonly int _algorithm;

    private OneDnnEngine(string name, string description, int algorithm, params (string Layout, int Tag)[] layouts)
        : base(name, description)
    {
        _algorithm = algorithm;
        _layouts = layouts;
    }

    public static Engine LoadDirect(int threads) =>
        new OneDnnEngine("onednn", $"oneDNN {OneDnn.SupportedVersion()}", OneDnn.Direct, ("blocked", OneDnn.AnyTag), ("NHWC", OneDnn.Nhwc));

    public static Engine LoadWinograd(int threads) => new OneDnnEngine(WinogradName,
        $"oneDNN {OneDnn.SupportedVersion()} asked for Winograd", OneDnn.Winograd, ("blocked", OneDnn.AnyTag));

    public override IEnumerable<Candidate> Candidates(ConvolutionData data, ConvolutionPass pass)
    {
        foreach ((string layout, int tag) in _layouts)
        {
            if (OneDnnCandidate.TryCreate(_device, data, pass, layout, tag, _algorithm) is { } candidate)
                yield return candidate;
        }
    }
}
