using Microsoft.ML.OnnxRuntime;

namespace CnnFast.Benchmarks.Peers;

/// <summary>A session whose input and outputs are bound to buffers once.</summary>
internal sealed class BoundSession : IDisposable
{
    private readonly OrtSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _options = new();
    private readonly List<OrtValue> _values = [];
    private string? _profile;

    public BoundSession(byte[] model, OrtSessionOptions options)
    {
        _session = new OrtSession(model, options);
        _binding = _session.CreateIoBinding();
    }

    public void BindInput(string name, AlignedBuffer<float> buffer, params long[] sizes) => _binding.BindInput(name, Value(buffer, sizes));

    public void BindOutput(string name, AlignedBuffer<float> buffer, params long[] sizes) =>
        _binding.BindOutput(name, Value(buffer, sizes));

    public void Run() => _session.RunWithBinding(_options, _binding);

    /// <summary>Ends the profiling that the options asked for.</summary>
    /// <returns>The file with the profile.</returns>
    public string EndProfiling() => _profile ??= _session.EndProfiling();

    public void Dispose()
    {
        _binding.Dispose();
        _session.Dispose();
        _options.Dispose();
        foreach (OrtValue value in _values)
            value.Dispose();
    }

    private OrtValue Value(AlignedBuffer<float> buffer, long[] sizes)
    {
        var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, buffer.Memory, sizes);
        _values.Add(value);
        return value;
    }
}
