using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// The functions and numbers of oneDNN 2's C interface (dnnl.h, dnnl_types.h) that a convolution needs. Descriptors are opaque bytes here:
/// they are only passed back. A status other than 0 is a failure.
/// </summary>
internal static unsafe partial class OneDnn
{
    private const string Library = "dnnl";

    /// <summary>sizeof(dnnl_memory_desc_t).</summary>
    public const int MemoryDescriptorBytes = 696;

    /// <summary>Bytes that hold a dnnl_convolution_desc_t.</summary>
    public const int ConvolutionDescriptorBytes = 16384;

    public const int Float32 = 3;
    public const int Cpu = 1;
    public const int DefaultStream = 1;
    public const int ForwardTraining = 64;
    public const int ForwardInference = 96;
    public const int Direct = 1;
    public const int Winograd = 2;
    public const int QueryImplementation = 8;
    public const int QuerySource = 129;
    public const int QueryDiffSource = 130;
    public const int QueryWeights = 131;
    public const int QueryDiffWeights = 132;
    public const int QueryDestination = 133;
    public const int QueryDiffDestination = 134;
    public const int ArgSource = 1;
    public const int ArgDestination = 17;
    public const int ArgWeights = 33;
    public const int ArgBias = 41;
    public const int ArgDiffSource = 129;
    public const int ArgDiffDestination = 145;
    public const int ArgDiffWeights = 161;
    public const int ArgDiffBias = 169;

    /// <summary>Layouts: any, one axis, NHWC, and this library's filter layout without and with a group axis.</summary>
    public const int AnyTag = 1, Axis = 2, Nhwc = 20, Hwio = 30, Hwigo = 33;

    /// <summary>Stands for memory that oneDNN allocates.</summary>
    public const nint Allocate = -1;

    static OneDnn() => NativeLibraries.Register(Library, "libdnnl.so.2", "libdnnl.so", "dnnl.dll", "libdnnl.dylib");

    [StructLayout(LayoutKind.Sequential)]
    public struct Version
    {
        public int Major;
        public int Minor;
        public int Patch;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Argument
    {
        public int Index;
        public nint Memory;
    }

    [LibraryImport(Library, EntryPoint = "dnnl_version")]
    public static partial Version* GetVersion();

    [LibraryImport(Library, EntryPoint = "dnnl_engine_create")]
    public static partial int CreateEngine(nint* engine, int kind, nuint index);

    [LibraryImport(Library, EntryPoint = "dnnl_stream_create")]
    public static partial int CreateStream(nint* stream, nint engine, uint flags);

    [LibraryImport(Library, EntryPoint = "dnnl_stream_wait")]
    public static partial int Wait(nint stream);

    [LibraryImport(Library, EntryPoint = "dnnl_memory_desc_init_by_tag")]
    public static partial int DescribeMemory(byte* descriptor, int rank, long* sizes, int type, int tag);

    [LibraryImport(Library, EntryPoint = "dnnl_memory_create")]
    public static partial int CreateMemory(nint* memory, byte* descriptor, nint engine, nint data);

    [LibraryImport(Library, EntryPoint = "dnnl_memory_destroy")]
    public static partial int DestroyMemory(nint memory);

    [LibraryImport(Library, EntryPoint = "dnnl_dilated_convolution_forward_desc_init")]
    public static partial int DescribeForward(byte* descriptor, int propagation, int algorithm, byte* source, byte* weights, byte* bias,
        byte* destination, long* strides, long* dilates, long* before, long* after);

    [LibraryImport(Library, EntryPoint = "dnnl_dilated_convolution_backward_data_desc_init")]
    public static partial int DescribeBackwardData(byte* descriptor, int algorithm, byte* diffSource, byte* weights, byte* diffDestination,
        long* strides, long* dilates, long* before, long* after);

    [LibraryImport(Library, EntryPoint = "dnnl_dilated_convolution_backward_weights_desc_init")]
    public static partial int DescribeBackwardWeights(byte* descriptor, int algorithm, byte* source, byte* diffWeights, byte* diffBias,
        byte* diffDestination, long* strides, long* dilates, long* before, long* after);

    [LibraryImport(Library, EntryPoint = "dnnl_primitive_desc_create")]
    public static partial int CreatePrimitiveDescriptor(nint* primitiveDescriptor, byte* descriptor, nint attributes, nint engine,
        nint forwardHint);

    [LibraryImport(Library, EntryPoint = "dnnl_reorder_primitive_desc_create")]
    public static partial int CreateReorderDescriptor(nint* primitiveDescriptor, byte* source, nint sourceEngine, byte* destination,
        nint destinationEngine, nint attributes);

    [LibraryImport(Library, EntryPoint = "dnnl_primitive_desc_destroy")]
    public static partial int DestroyPrimitiveDescriptor(nint primitiveDescriptor);

    [LibraryImport(Library, EntryPoint = "dnnl_primitive_desc_query_md")]
    public static partial byte* QueryMemory(nint primitiveDescriptor, int what, int index);

    [LibraryImport(Library, EntryPoint = "dnnl_primitive_desc_query")]
    public static partial int Query(nint primitiveDescriptor, int what, int index, void* result);

    [LibraryImport(Library, EntryPoint = "dnnl_primitive_create")]
    public static partial int CreatePrimitive(nint* primitive, nint primitiveDescriptor);

    [LibraryImport(Library, EntryPoint = "dnnl_primitive_destroy")]
    public static partial int DestroyPrimitive(nint primitive);

    [LibraryImport(Library, EntryPoint = "dnnl_primitive_execute")]
    public static partial int Execute(nint primitive, nint stream, int count, Argument* arguments);

    /// <summary>The version, where it is one whose interface is spoken here.</summary>
    public static string SupportedVersion()
    {
        Version version;
        try
        {
            version = *GetVersion();
        }
        catch (Exception exception) when (exception is DllNotFoundException or TypeInitializationException)
        {
            throw new PeerAbsentException("no libdnnl was found (on Debian: apt-get install libdnnl-dev)");
        }

        if (version.Major != 2)
            throw new PeerAbsentException($"version {version.Major} was found, and only the interface of version 2 is spoken");
        return string.Create(CultureInfo.InvariantCulture, $"{version.Major}.{version.Minor}.{version.Patch}");
    }

    public static void Require(int status, [CallerArgumentExpression(nameof(status))] string call = "")
    {
        if (status != 0)
            throw new InvalidOperationException($"oneDNN failed with status {status}: {call}");
    }
}
