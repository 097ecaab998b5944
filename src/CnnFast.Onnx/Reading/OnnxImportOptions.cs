namespace CnnFast.Onnx;

/// <summary>
/// How much an ONNX file may ask for. The limits keep a damaged or hostile file from taking the machine; raise
/// them for models that are trusted.
/// </summary>
public sealed record OnnxImportOptions
{
    private const int GraphDepthLimit = 64;
    private const int GraphBytesLimit = 1 << 30;

    /// <summary>The most bytes of the model's file, and of the external data that is read for it; 4 GiB unless given.</summary>
    public long MaxModelBytes { get; init; } = 1L << 32;

    /// <summary>The most bytes of one tensor in memory; what an array can hold, about 2 GiB, unless given.</summary>
    public long MaxTensorBytes { get; init; } = Array.MaxLength;

    /// <summary>
    /// The most bytes of the model's file apart from the data of its larger tensors, at most 1 GiB; 32 MiB unless given. In memory
    /// they take several times as much.
    /// </summary>
    public int MaxGraphBytes { get; init; } = 32 << 20;

    /// <summary>
    /// The most nodes, attributes, tensors and described values of the model, each of them counted; 1,000,000 unless given.
    /// </summary>
    public int MaxGraphItems { get; init; } = 1_000_000;

    /// <summary>How deep the bodies of control flow may be nested, at most 64; 16 unless given.</summary>
    public int MaxGraphDepth { get; init; } = 16;

    /// <summary>
    /// The most bytes of the values of one graph that are computed at load, such as shapes, masks and weights in
    /// another form; 1 GiB unless given.
    /// </summary>
    public long MaxFoldedBytes { get; init; } = 1L << 30;

    /// <summary>The most multiply-adds of what is computed at load for one graph; 10^11 unless given, some seconds.</summary>
    public long MaxFoldedMultiplyAdds { get; init; } = 100_000_000_000;

    /// <summary>
    /// The most bytes of one value, and of the activations, the scratch memory, the packed weights and the outputs of one run; 4 GiB unless
    /// given. Models made of the file keep the limit in their sessions.
    /// </summary>
    public long MaxRunBytes { get; init; } = 1L << 32;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MaxFoldedBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxFoldedMultiplyAdds);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxRunBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxModelBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxTensorBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxGraphBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxGraphBytes, GraphBytesLimit);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxGraphItems, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxGraphDepth);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxGraphDepth, GraphDepthLimit);
    }
}
