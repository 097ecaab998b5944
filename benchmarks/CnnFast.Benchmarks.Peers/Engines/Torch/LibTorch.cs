using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// The functions of libtorch's C interface (torch/csrc/inductor/aoti_torch) that a convolution needs. TorchSharp's own native
/// bridge wants a newer libstdc++ than Debian 12 has; libtorch itself does not, and this way has less overhead a call. A
/// status other than 0 is a failure.
/// </summary>
internal static unsafe partial class LibTorch
{
    private const string Library = "torch_cpu";

    /// <summary>The runtime option that holds the folder of the libraries; the project file sets it.</summary>
    private const string FolderOption = "CnnFast.Peers.LibTorch";

    static LibTorch() => NativeLibraries.Register(Library, [.. Folder is null ? [] : new[] { Path.Combine(Folder, "libtorch_cpu.so") }]);

    public static string? Folder => AppContext.GetData(FolderOption) as string;

    [LibraryImport(Library, EntryPoint = "aoti_torch_create_tensor_from_blob")]
    public static partial int CreateTensor(void* data, long rank, long* sizes, long* strides, long offset, int type, int device,
        int deviceIndex, nint* tensor);

    [LibraryImport(Library, EntryPoint = "aoti_torch_delete_tensor_object")]
    public static partial int DeleteTensor(nint tensor);

    [LibraryImport(Library, EntryPoint = "aoti_torch_get_data_ptr")]
    public static partial int GetData(nint tensor, float** data);

    [LibraryImport(Library, EntryPoint = "aoti_torch_get_strides")]
    public static partial int GetStrides(nint tensor, long** strides);

    [LibraryImport(Library, EntryPoint = "aoti_torch_dtype_float32")]
    public static partial int Float32();

    [LibraryImport(Library, EntryPoint = "aoti_torch_device_type_cpu")]
    public static partial int Cpu();

    [LibraryImport(Library, EntryPoint = "aoti_torch_grad_mode_set_enabled")]
    public static partial void SetGradMode([MarshalAs(UnmanagedType.U1)] bool enabled);

    [LibraryImport(Library, EntryPoint = "_ZN2at15set_num_threadsEi")]
    public static partial void SetThreads(int threads);

    [LibraryImport(Library, EntryPoint = "aoti_torch_cpu_convolution")]
    public static partial int Convolution(
        nint input, nint weight, nint* bias, long* stride, long strideLength, long* padding, long paddingLength, long* dilation,
        long dilationLength,
        int transposed, long* outputPadding, long outputPaddingLength, long groups, nint* result);

    [LibraryImport(Library, EntryPoint = "aoti_torch_cpu_convolution_backward")]
    public static partial int ConvolutionBackward(
        nint gradOutput, nint input, nint weight, long** biasSizes, long biasSizesLength, long* stride, long strideLength, long* padding,
        long paddingLength,
        long* dilation, long dilationLength, int transposed, long* outputPadding, long outputPaddingLength, long groups, int* outputMask,
        long outputMaskLength,
        nint* gradInput, nint* gradWeight, nint* gradBias);

    /// <summary>Version of the oneDNN that libtorch carries, such as <c>oneDNN v3.7.1</c>.</summary>
    public static string OneDnnVersion()
    {
        // A std::string of libstdc++: a pointer to the characters, their number, 16 bytes for a short text.
        nint* text = stackalloc nint[4];
        GetOneDnnVersion(text);
        return Marshal.PtrToStringUTF8(text[0], (int)text[1])
            .Split(" (Git")[0]
            .Replace("Intel(R) MKL-DNN", "oneDNN", StringComparison.Ordinal);
    }

    public static void Require(int status, [CallerArgumentExpression(nameof(status))] string call = "")
    {
        if (status != 0)
            throw new InvalidOperationException($"libtorch failed: {call}");
    }

    [LibraryImport(Library, EntryPoint = "_ZN2at18get_mkldnn_versionB5cxx11Ev")]
    private static partial void GetOneDnnVersion(nint* text);
}
