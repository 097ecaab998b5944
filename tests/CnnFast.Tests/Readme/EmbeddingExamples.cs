using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Numerics.Tensors;
using CnnFast;
using CnnFast.Layers;
using CnnFast.Onnx;
using Microsoft.Extensions.DependencyInjection;

namespace CnnFast.Tests;

/// <summary>
/// The examples of docs/embedding.md, compiled: their bodies are the blocks of the page in order, which a test compares and runs.
/// </summary>
internal static class EmbeddingExamples
{
    public static void FirstRun()
    {
        // Example begins.
        Model model = Model.Load("digits.safetensors");
        using var session = new InferenceSession(model);
        float[] image = new float[28 * 28], scores = new float[10];
        session.Run(image, scores);
        // Example ends.
        Assert.InRange(scores.Sum(), 0.99f, 1.01f);
    }

    public static void Bytes(Model model, byte[] pixels, float[] scores)
    {
        // Example begins.
        using var session = new InferenceSession(model, new SessionOptions { ByteInput = ByteInput.From(model.Normalization) });
        session.RunBytes(pixels, scores);

        // Models trained on ImageNet, a mean and deviation a channel:
        var photos = ByteInput.FromMeanStd([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
        // Example ends.
        Assert.InRange(scores.Sum(), 0.99f, 1.01f);
        Assert.Equal(3, photos.Scale.Length);
    }

    public static void SeveralInputs()
    {
        // Example begins.
        var photo = new Input(new Shape(32, 32, 3), "photo");
        var facts = new Input(new Shape(4), "facts");
        ModelNode seen = new Flatten().Apply(new Conv2D(8, 3, stride: 2, activation: Activation.ReLU).Apply(photo));
        ModelNode both = new Dense(32, Activation.ReLU).Apply(new Concatenate().Apply(seen, facts));
        Model model = Model.Build([photo, facts], [new Dense(5, name: "kind").Apply(both), new Dense(2, name: "size").Apply(both)]);

        using var session = new InferenceSession(model);
        float[] pixels = new float[32 * 32 * 3], numbers = new float[4], kind = new float[5], size = new float[2];
        session.Run([pixels, numbers], [kind, size]);
        session.Run(
            new Dictionary<string, ReadOnlyMemory<float>> { ["photo"] = pixels, ["facts"] = numbers },
            new Dictionary<string, Memory<float>> { ["kind"] = kind, ["size"] = size });
        // Example ends.
    }

    public static void OtherSizes()
    {
        // Example begins.
        using var session = new InferenceSession(ModelZoo.UNet.Build(), new SessionOptions { MaxCachedShapes = 2 });
        var wide = new Shape(96, 160, 3);
        Shape mask = session.OutputShapeFor(wide);
        float[] photo = new float[wide.ElementCount], classes = new float[mask.ElementCount];
        session.Run(photo, wide, classes);
        // Example ends.
        Assert.Equal(96 * 160, classes.Length / mask[2]);
    }

    public static void Tensors(Model model)
    {
        // Example begins.
        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = 2 });
        float[] images = new float[2 * 32 * 32 * 3], scores = new float[2 * 10];
        session.Run(new ReadOnlyTensorSpan<float>(images, [2, 32, 32, 3], []), new TensorSpan<float>(scores, [2, 10], []));
        Tensor<float> result = session.Run(new ReadOnlyTensorSpan<float>(images, [2, 32, 32, 3], []));
        // Example ends.
        Assert.Equal([2, 10], result.Lengths.ToArray());
    }

    public static async Task Cancelled(InferenceSession session, float[] image, float[] scores)
    {
        // Example begins.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await session.RunAsync(image, scores, patience.Token);
        // Example ends.
    }

    public static void Onnx()
    {
        // Example begins.
        OnnxModel onnx = OnnxModel.Load("classifier.onnx");
        Model model = onnx.ToModel(new Dictionary<string, int[]> { ["x"] = [1, 3, 48, 192] });
        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = 4 });
        float[] images = new float[4 * 3 * 48 * 192], scores = new float[4 * 2];
        session.Run(images, scores);

        // By name, with elements of any type; shapes as they come.
        IReadOnlyDictionary<string, OnnxTensor> results = onnx.Run(
            new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.Create(images, 4, 3, 48, 192) });
        ReadOnlySpan<float> same = results[onnx.Outputs[0].Name].Values<float>();
        // Example ends.
        Assert.Equal(scores.Length, same.Length);
        Assert.InRange(scores.Sum(), 3.99f, 4.01f);
        for (int i = 0; i < scores.Length; i++)
            Assert.InRange(same[i], scores[i] - 1e-5f, scores[i] + 1e-5f);
    }

    public static void Export(Model model)
    {
        // Example begins.
        OnnxModel.Export(model, "digits.onnx", new OnnxExportOptions { Opset = 20, FoldBatchNormalization = true });
        // Example ends.
        Assert.Single(OnnxModel.Load("digits.onnx").Outputs);
    }

    public static void Batches(Model model)
    {
        // Example begins.
        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = 32, MaxThreads = 0 });
        float[] images = new float[32 * 28 * 28], scores = new float[32 * 10];
        int samples = 5;
        session.Run(images.AsSpan(0, samples * 28 * 28), scores.AsSpan(0, samples * 10));
        // Example ends.
    }

    public static void WarmUp(InferenceSession session, float[] image, float[] scores)
    {
        // Example begins.
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(500))
            session.Run(image, scores);
        // Example ends.
    }

    public static void Services(IServiceCollection services)
    {
        // Example begins.
        services.AddCnnFast(models => models
            .AddFile("digits.safetensors", session: model => new SessionOptions { ByteInput = ByteInput.From(model.Normalization) })
            .AddFile("digits.safetensors", name: "batches", session: _ => new SessionOptions { MaxBatch = 8 }));
        using ServiceProvider provider = services.BuildServiceProvider();

        // Ask for them at the start, so that the first request finds them ready.
        _ = provider.GetRequiredService<InferenceSession>();
        InferenceSession batches = provider.GetRequiredKeyedService<InferenceSession>("batches");
        // Example ends.
        Assert.Equal(8, batches.MaxBatch);
    }

    public static void Metrics(InferenceSession session, float[] image, float[] scores)
    {
        // Example begins.
        double slowest = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "CnnFast")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => slowest = Math.Max(slowest, seconds));
        listener.Start();
        // Example ends.
        session.Run(image, scores);
        Assert.True(slowest > 0);
    }

    public static void Profile(InferenceSession session, float[] image, float[] scores)
    {
        // Example begins.
        foreach (NodeProfile node in session.Profile(image, scores, runs: 200))
            Console.WriteLine(
                $"{node.Name} {node.Kind} {node.Kernel}: {node.MedianMicroseconds:0.0} µs, {node.MultiplyAdds} multiply-adds");
        // Example ends.
    }
}
