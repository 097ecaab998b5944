// Makes optimizer-steps.txt: 20 steps of PyTorch's own optimizers (torch::optim of libtorch 2.10.0) in double. It calls them through the
// C functions of TorchSharp's native bridge; the managed part of TorchSharp is not used. Lion is not among PyTorch's optimizers: its
// steps are computed here in double, after algorithm 2 of Chen and others, "Symbolic discovery of optimization algorithms", 2023.
//   dotnet run tools/torch-optimizer-steps.cs -- LIBTORCH LIBTORCHSHARP tests/CnnFast.Tests/Training/Optimizers/optimizer-steps.txt
// LIBTORCH is the folder runtimes/linux-x64/native of the package libtorch-cpu-linux-x64 2.10.0, LIBTORCHSHARP the file
// libLibTorchSharp.so of the package TorchSharp 0.107.0, which needs a libstdc++ with GLIBCXX_3.4.32 (GCC 13).
#:property AllowUnsafeBlocks=true
#:property PublishAot=false
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

NativeLibrary.Load(Path.Combine(args[0], "libtorch.so"));
nint bridge = NativeLibrary.Load(args[1]);
NativeLibrary.SetDllImportResolver(typeof(Torch).Assembly, (_, _, _) => bridge);

const int Steps = 20;
// At rest, from zero, swinging, tiny, huge, asleep for five steps, anything, one shock.
float[] start = [0.5f, 0, 1.5f, 0, 1000, -0.125f, 1e-6f, 3.25f];
var gradients = new float[Steps][];
uint random = 12345;
for (int t = 0; t < Steps; t++)
{
    random = (random * 1664525) + 1013904223;
    gradients[t] = [0, 0.25f, (t % 3 == 0 ? -0.75f : 0.5f) * (t + 1), 1e-20f * (t + 1), 1e10f, t < 5 ? 0 : 1,
        ((random >> 8) / (float)(1 << 23)) - 1, t == 0 ? 1e6f : 1e-3f];
}

var text = new StringBuilder();
text.Append("# Made by tools/torch-optimizer-steps.cs with PyTorch's optimizers (libtorch 2.10.0) in double; Lion by its paper.\n");
Line("weights", start.Select(value => (double)value));
foreach (float[] gradient in gradients)
    Line("gradient", gradient.Select(value => (double)value));
foreach (float decay in new[] { 0, 0.1f })
{
    foreach ((float momentum, float dampening, bool nesterov) in
        new[] { (0, 0, false), (0.9f, 0, false), (0.9f, 0.5f, false), (0.9f, 0f, true) })
        Write($"sgd rate=0.1 momentum={momentum} dampening={dampening} nesterov={nesterov} decay={decay}",
            (w, n) => Torch.Sgd(w, n, 0.1f, momentum, dampening, decay, nesterov));
    foreach (bool amsgrad in new[] { false, true })
    {
        Write($"adam rate=0.01 beta1=0.9 beta2=0.99 epsilon=1E-08 amsgrad={amsgrad} decay={decay}",
            (w, n) => Torch.Adam(w, n, 0.01f, 0.9f, 0.99f, 1e-8f, decay, amsgrad));
        Write($"adamw rate=0.01 beta1=0.9 beta2=0.99 epsilon=1E-08 amsgrad={amsgrad} decay={decay}",
            (w, n) => Torch.AdamW(w, n, 0.01f, 0.9f, 0.99f, 1e-8f, decay, amsgrad));
    }

    foreach ((float momentum, bool centered) in new[] { (0, false), (0.9f, false), (0, true), (0.9f, true) })
        Write($"rmsprop rate=0.01 alpha=0.9 epsilon=1E-08 momentum={momentum} centered={centered} decay={decay}",
            (w, n) => Torch.RmsProp(w, n, 0.01f, 0.9f, 1e-8f, decay, momentum, centered));
    foreach ((float rateDecay, float initial) in new[] { (0, 0), (0.05f, 0.1f) })
        Write($"adagrad rate=0.1 rateDecay={rateDecay} initial={initial} epsilon=1E-10 decay={decay}",
            (w, n) => Torch.Adagrad(w, n, 0.1f, rateDecay, decay, initial, 1e-10f));
    WriteLion(0.01f, 0.9f, 0.99f, decay);
}

File.WriteAllText(args[2], text.ToString());

unsafe void Write(FormattableString name, Func<nint, int, nint> create)
{
    text.Append(name.ToString(CultureInfo.InvariantCulture).Replace("True", "true").Replace("False", "false")).Append('\n');
    double[] weights = [.. start.Select(value => (double)value)], gradient = new double[weights.Length];
    fixed (double* w = weights, g = gradient)
    {
        long length = weights.Length;
        const sbyte Double = 7;
        nint parameter = Torch.New(w, &Keep, &length, 1, Double, Double, 0, 0, false);
        nint slope = Torch.New(g, &Keep, &length, 1, Double, Double, 0, 0, false);
        Torch.SetGradient(parameter, slope);
        nint optimizer = create((nint)(&parameter), 1);
        for (int t = 0; t < Steps; t++)
        {
            for (int i = 0; i < gradient.Length; i++)
                gradient[i] = gradients[t][i];
            Torch.Step(optimizer, 0);
            nint error = Torch.LastError();
            if (error != 0)
                throw new InvalidOperationException(Marshal.PtrToStringUTF8(error));
            Line("step", weights);
        }
    }

    [UnmanagedCallersOnly]
    static void Keep(nint data)
    {
    }
}

void WriteLion(float rate, float beta1, float beta2, float decay)
{
    text.Append(CultureInfo.InvariantCulture, $"lion rate={rate} beta1={beta1} beta2={beta2} decay={decay}\n");
    double[] weights = [.. start.Select(value => (double)value)], momentum = new double[weights.Length];
    foreach (float[] gradient in gradients)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            int sign = Math.Sign((beta1 * momentum[i]) + ((1.0 - beta1) * gradient[i]));
            weights[i] -= rate * (sign + (decay * weights[i]));
            momentum[i] = (beta2 * momentum[i]) + ((1.0 - beta2) * gradient[i]);
        }

        Line("step", weights);
    }
}

void Line(string name, IEnumerable<double> values) =>
    text.Append(name).Append(' ').AppendJoin(' ', values.Select(v => v.ToString("G11", CultureInfo.InvariantCulture))).Append('\n');

internal static unsafe class Torch
{
    private const string Bridge = "LibTorchSharp";

    [DllImport(Bridge, EntryPoint = "THSTensor_new")]
    public static extern nint New(double* data, delegate* unmanaged<nint, void> deleter, long* sizes, int rank, sbyte type, sbyte result,
        int device, int index, [MarshalAs(UnmanagedType.U1)] bool requiresGradient);

    [DllImport(Bridge, EntryPoint = "THSTensor_set_grad")]
    public static extern void SetGradient(nint tensor, nint gradient);

    [DllImport(Bridge, EntryPoint = "THSNN_Optimizer_step")]
    public static extern nint Step(nint optimizer, nint closure);

    [DllImport(Bridge, EntryPoint = "THSTorch_get_and_reset_last_err")]
    public static extern nint LastError();

    [DllImport(Bridge, EntryPoint = "THSNN_SGD_ctor")]
    public static extern nint Sgd(nint parameters, int count, double rate, double momentum, double dampening, double decay,
        [MarshalAs(UnmanagedType.U1)] bool nesterov);

    [DllImport(Bridge, EntryPoint = "THSNN_Adam_ctor")]
    public static extern nint Adam(nint parameters, int count, double rate, double beta1, double beta2, double epsilon, double decay,
        [MarshalAs(UnmanagedType.U1)] bool amsgrad);

    [DllImport(Bridge, EntryPoint = "THSNN_AdamW_ctor")]
    public static extern nint AdamW(nint parameters, int count, double rate, double beta1, double beta2, double epsilon, double decay,
        [MarshalAs(UnmanagedType.U1)] bool amsgrad);

    [DllImport(Bridge, EntryPoint = "THSNN_RMSprop_ctor")]
    public static extern nint RmsProp(nint parameters, int count, double rate, double alpha, double epsilon, double decay, double momentum,
        [MarshalAs(UnmanagedType.U1)] bool centered);

    [DllImport(Bridge, EntryPoint = "THSNN_Adagrad_ctor")]
    public static extern nint Adagrad(nint parameters, int count, double rate, double rateDecay, double decay, double initial,
        double epsilon);
}
