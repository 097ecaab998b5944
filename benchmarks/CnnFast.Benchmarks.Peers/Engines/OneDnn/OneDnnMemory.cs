namespace CnnFast.Benchmarks.Peers;

/// <summary>Memory of oneDNN with its layout: its own, or ours, which must stay where it is.</summary>
internal sealed unsafe class OneDnnMemory : IDisposable
{
    private readonly AlignedBuffer<float>? _buffer;

    /// <summary>Memory that oneDNN allocates.</summary>
    /// <param name="device">The processor.</param>
    /// <param name="descriptor">A layout that a primitive asks for.</param>
    public OneDnnMemory(OneDnnDevice device, byte* descriptor)
    {
        Descriptor = new Span<byte>(descriptor, OneDnn.MemoryDescriptorBytes).ToArray();
        Handle = Create(device, OneDnn.Allocate);
    }

    /// <summary>Memory of ours.</summary>
    public OneDnnMemory(OneDnnDevice device, AlignedBuffer<float> buffer, long[] sizes, int tag)
    {
        _buffer = buffer;
        Descriptor = Describe(sizes, tag);
        Handle = Create(device, (nint)buffer.Pointer);
    }

    public byte[] Descriptor { get; }

    public nint Handle { get; }

    /// <summary>A memory descriptor.</summary>
    public static byte[] Describe(long[] sizes, int tag)
    {
        byte[] bytes = new byte[OneDnn.MemoryDescriptorBytes];
        fixed (byte* descriptor = bytes)
        fixed (long* size = sizes)
            OneDnn.Require(OneDnn.DescribeMemory(descriptor, sizes.Length, size, OneDnn.Float32, tag));
        return bytes;
    }

    public void Dispose()
    {
        OneDnn.Require(OneDnn.DestroyMemory(Handle));
        GC.KeepAlive(_buffer);
    }

    private nint Create(OneDnnDevice device, nint data)
    {
        nint memory;
        fixed (byte* descriptor = Descriptor)
            OneDnn.Require(OneDnn.CreateMemory(&memory, descriptor, device.Engine, data));
        return memory;
    }
}
