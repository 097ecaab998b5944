namespace CnnFast.Benchmarks.Peers;

/// <summary>oneDNN's processor and its queue.</summary>
internal sealed unsafe class OneDnnDevice
{
    public OneDnnDevice()
    {
        nint engine, stream;
        OneDnn.Require(OneDnn.CreateEngine(&engine, OneDnn.Cpu, 0));
        OneDnn.Require(OneDnn.CreateStream(&stream, engine, OneDnn.DefaultStream));
        (Engine, Stream) = (engine, stream);
    }

    public nint Engine { get; }

    public nint Stream { get; }

    /// <summary>Copies memory into another layout.</summary>
    public void Reorder(OneDnnMemory from, OneDnnMemory to)
    {
        nint descriptor, primitive;
        fixed (byte* source = from.Descriptor, destination = to.Descriptor)
            OneDnn.Require(OneDnn.CreateReorderDescriptor(&descriptor, source, Engine, destination, Engine, 0));
        OneDnn.Require(OneDnn.CreatePrimitive(&primitive, descriptor));
        var arguments = stackalloc OneDnn.Argument[2] { new() { Index = OneDnn.ArgSource, Memory = from.Handle },
            new() { Index = OneDnn.ArgDestination, Memory = to.Handle } };
        OneDnn.Require(OneDnn.Execute(primitive, Stream, 2, arguments));
        OneDnn.Require(OneDnn.Wait(Stream));
        OneDnn.Require(OneDnn.DestroyPrimitive(primitive));
        OneDnn.Require(OneDnn.DestroyPrimitiveDescriptor(descriptor));
    }
}
