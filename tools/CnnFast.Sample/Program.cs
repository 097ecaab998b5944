using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using CnnFast;
using CnnFast.Layers;

if (args is ["create", var target])
{
    // LeNet-5 (LeCun et al. 1998) on 28×28 with ReLU and maxima, random weights.
    new Sequential(
        new Conv2D(6, 5, padding: Padding.Same, activation: Activation.ReLU), new MaxPool2D(2),
        new Conv2D(16, 5, activation: Activation.ReLU), new MaxPool2D(2),
        new Flatten(), new Dense(120, Activation.ReLU), new Dense(84, Activation.ReLU), new Dense(10), new Softmax())
        .Build(new Shape(28, 28, 1), seed: 1, name: "lenet5").Save(target);
    return 0;
}

if (args is not [var path])
{
    Console.Error.WriteLine("Usage: CnnFast.Sample MODEL, or CnnFast.Sample create MODEL for a LeNet-5 with random weights.");
    return 2;
}

float[] output = [];
double first;
try
{
    first = Time(() => output = LoadAndRun(path));
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or DataFormatException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

double sinceStart = (DateTime.UtcNow - Process.GetCurrentProcess().StartTime.ToUniversalTime()).TotalMilliseconds;
double again = Time(() => LoadAndRun(path));

var bytes = new byte[output.Length * sizeof(float)];
Buffer.BlockCopy(output, 0, bytes, 0, bytes.Length);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"tier {CpuInfo.Isa}"));
Console.WriteLine($"notice {CpuInfo.Notice ?? "none"}");
Console.WriteLine($"bits {Convert.ToHexString(SHA256.HashData(bytes))[..16]}");
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"result class {output.IndexOf(output.Max())}, probability {output.Max():0.0000}"));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"load, plan and first run {first:0.00} ms; " +
    $"all of it once more {again:0.00} ms; first result {sinceStart:0} ms after the start of the process"));
return 0;

static double Time(Action work)
{
    long start = Stopwatch.GetTimestamp();
    work();
    return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
}

static float[] LoadAndRun(string path)
{
    Model model = Model.Load(path);
    using var session = new InferenceSession(model);
    var input = new float[model.InputShape.ElementCount];
    for (int i = 0; i < input.Length; i++)
        input[i] = i % 17 / 16f;
    var output = new float[model.OutputShape.ElementCount];
    session.Run(input, output);
    return output;
}
