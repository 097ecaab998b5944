using System.Runtime.InteropServices;

namespace CnnFast.Benchmarks.Peers;

/// <summary>One convolution primitive of oneDNN with its memories in the layouts that it asks for.</summary>
internal sealed unsafe class OneDnnCandidate : Candidate
{
    private readonly OneDnnDevice _device;
    private readonly nint _primitive;
    private readonly List<OneDnnMemory> _memories = [];
    private readonly OneDnn.Argument[] _arguments;
    private readonly OneDnnMemory _output;
    private readonly OneDnnMemory _plainOutput;
    private readonly AlignedBuffer<float> _plain;

    private OneDnnCandidate(OneDnnDevice device, ConvolutionData data, ConvolutionPass pass, string variant, nint descriptor)
        : base(variant)
    {
        _device = device;
        nint primitive;
        OneDnn.Require(OneDnn.CreatePrimitive(&primitive, descriptor));
        _primitive = primitive;
        Conv2DGeometry g = data.Geometry;
        long[] input = [g.N, g.C, g.H, g.W], output = [g.N, g.OC, g.OH, g.OW], filter = FilterSizes(g);
        int filterTag = g.Groups == 1 ? OneDnn.Hwio : OneDnn.Hwigo;
        _plain = new AlignedBuffer<float>(data.ResultLength(pass));
        switch (pass)
        {
            case ConvolutionPass.Forward:
                _output = Own(descriptor, OneDnn.QueryDestination);
                _plainOutput = Keep(new OneDnnMemory(device, _plain, output, OneDnn.Nhwc));
                _arguments =
                [
                    Argument(OneDnn.ArgSource, Filled(descriptor, OneDnn.QuerySource, data.X, input, OneDnn.Nhwc)),
                    Argument(OneDnn.ArgWeights, Filled(descriptor, OneDnn.QueryWeights, data.Filter, filter, filterTag)),
                    Argument(OneDnn.ArgBias, Keep(new OneDnnMemory(device, data.Bias, [g.OC], OneDnn.Axis))),
                    Argument(OneDnn.ArgDestination, _output),
                ];
                break;
            case ConvolutionPass.BackwardData:
                _output = Own(descriptor, OneDnn.QueryDiffSource);
                _plainOutput = Keep(new OneDnnMemory(device, _plain, input, OneDnn.Nhwc));
                _arguments =
                [
                    Argument(OneDnn.ArgDiffDestination, Filled(descriptor, OneDnn.QueryDiffDestination, data.Dy, output, OneDnn.Nhwc)),
                    Argument(OneDnn.ArgWeights, Filled(descriptor, OneDnn.QueryWeights, data.Filter, filter, filterTag)),
                    Argument(OneDnn.ArgDiffSource, _output),
                ];
                break;
            default:
                _output = Own(descriptor, OneDnn.QueryDiffWeights);
                _plainOutput = Keep(new OneDnnMemory(device, _plain, filter, filterTag));
                _arguments =
                [
                    Argument(OneDnn.ArgSource, Filled(descriptor, OneDnn.QuerySource, data.X, input, OneDnn.Nhwc)),
                    Argument(OneDnn.ArgDiffDestination, Filled(descriptor, OneDnn.QueryDiffDestination, data.Dy, output, OneDnn.Nhwc)),
                    Argument(OneDnn.ArgDiffWeights, _output),
                    Argument(OneDnn.ArgDiffBias, Keep(new OneDnnMemory(device, new AlignedBuffer<float>(g.OC), [g.OC], OneDnn.Axis))),
                ];
                break;
        }
    }

    /// <summary>Makes a candidate, or null where oneDNN has no such implementation.</summary>
    public static OneDnnCandidate? TryCreate(OneDnnDevice device, ConvolutionData data, ConvolutionPass pass, string variant, int tag,
        int algorithm)
    {
        nint descriptor = Describe(device, data.Geometry, pass, tag, algorithm);
        if (descriptor == 0)
            return null;
        try
        {
            nint implementation;
            OneDnn.Require(OneDnn.Query(descriptor, OneDnn.QueryImplementation, 0, &implementation));
            return new OneDnnCandidate(device, data, pass, $"{variant} {Marshal.PtrToStringUTF8(implementation)}", descriptor);
        }
        finally
        {
            OneDnn.Require(OneDnn.DestroyPrimitiveDescriptor(descriptor));
        }
    }

    public override void Run()
    {
        fixed (OneDnn.Argument* arguments = _arguments)
            OneDnn.Require(OneDnn.Execute(_primitive, _device.Stream, _arguments.Length, arguments));
        OneDnn.Require(OneDnn.Wait(_device.Stream));
    }

    public override void Read(Span<float> result)
    {
        _device.Reorder(_output, _plainOutput);
        _plain.Span.CopyTo(result);
    }

    public override void Dispose()
    {
        OneDnn.Require(OneDnn.DestroyPrimitive(_primitive));
        foreach (OneDnnMemory memory in _memories)
            memory.Dispose();
    }

    // The descriptor of the primitive, or 0 where oneDNN implements no such one.
    private static nint Describe(OneDnnDevice device, Conv2DGeometry g, ConvolutionPass pass, int tag, int algorithm)
    {
        byte[] descriptor = new byte[OneDnn.ConvolutionDescriptorBytes];
        long[] strides = [g.StrideH, g.StrideW], dilates = [g.DilationH - 1, g.DilationW - 1], before = [g.PadTop, g.PadLeft],
            after = [g.PadBottom, g.PadRight];
        byte[] input = OneDnnMemory.Describe([g.N, g.C, g.H, g.W], tag), output = OneDnnMemory.Describe([g.N, g.OC, g.OH, g.OW], tag);
        byte[] weights = OneDnnMemory.Describe(FilterSizes(g), OneDnn.AnyTag), axis = OneDnnMemory.Describe([g.OC], OneDnn.Axis);
        nint hint = 0, result = 0;
        fixed (byte* d = descriptor, x = input, y = output, w = weights, b = axis)
        fixed (long* s = strides, l = dilates, p = before, q = after)
        {
            int propagation = pass == ConvolutionPass.Forward ? OneDnn.ForwardInference : OneDnn.ForwardTraining;
            if (OneDnn.DescribeForward(d, propagation, algorithm, x, w, b, y, s, l, p, q) != 0
                || OneDnn.CreatePrimitiveDescriptor(&hint, d, 0, device.Engine, 0) != 0)
                return 0;
            if (pass == ConvolutionPass.Forward)
                return hint;
            int status = pass == ConvolutionPass.BackwardData
                ? OneDnn.DescribeBackwardData(d, algorithm, x, w, y, s, l, p, q)
                : OneDnn.DescribeBackwardWeights(d, algorithm, x, w, b, y, s, l, p, q);
            if (status != 0 || OneDnn.CreatePrimitiveDescriptor(&result, d, 0, device.Engine, hint) != 0)
                result = 0;
        }

        OneDnn.Require(OneDnn.DestroyPrimitiveDescriptor(hint));
        return result;
    }

    private static long[] FilterSizes(Conv2DGeometry g) =>
        g.Groups == 1 ? [g.OC, g.C, g.KH, g.KW] : [g.Groups, g.GroupOC, g.GroupC, g.KH, g.KW];

    private static OneDnn.Argument Argument(int index, OneDnnMemory memory) => new() { Index = index, Memory = memory.Handle };

    private OneDnnMemory Keep(OneDnnMemory memory)
    {
        _memories.Add(memory);
        return memory;
    }

    private OneDnnMemory Own(nint descriptor, int query) => Keep(new OneDnnMemory(_device, OneDnn.QueryMemory(descriptor, query, 0)));

    private OneDnnMemory Filled(nint descriptor, int query, AlignedBuffer<float> buffer, long[] sizes, int tag)
    {
        OneDnnMemory memory = Own(descriptor, query);
        using var plain = new OneDnnMemory(_device, buffer, sizes, tag);
        _device.Reorder(plain, memory);
        return memory;
    }
}
