using CnnFast.Onnx.Proto;

namespace CnnFast.Onnx.Tests;

/// <summary>Channels last at the ends turns images that are channels first, and nothing else.</summary>
public sealed class ImageEndsTests
{
    [Fact]
    public void Images_that_the_file_has_channels_last_stay()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Models", "blazeface_front", "model.onnx");
        OnnxModel onnx = OnnxModel.Load(path);
        Assert.Equal(new Shape(128, 128, 3), onnx.ToModel().InputShape);
        Assert.Equal(new Shape(128, 128, 3), onnx.ToModel(layout: OnnxLayout.Nhwc).InputShape);
    }

    [Fact]
    public void Images_that_convolutions_read_are_turned()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Models", "ppocr_cls", "model.onnx");
        Model model = OnnxModel.Load(path).ToModel(new Dictionary<string, int[]> { ["x"] = [1, 3, 48, 192] }, OnnxLayout.Nhwc);
        Assert.Equal(new Shape(48, 192, 3), model.InputShape);
    }

    [Fact]
    public void An_image_smaller_than_the_last_pooling_runs_as_in_onnx_runtime()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Models", "ppocr_cls", "model.onnx");
        var random = new Random(1);
        float[] x = [.. Enumerable.Range(0, 3 * 32 * 100).Select(_ => random.NextSingle())];
        ReadOnlySpan<float> y = OnnxModel.Load(path)
            .Run(new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.Create(x, 1, 3, 32, 100) })["softmax_0.tmp_0"]
            .Values<float>();
        Assert.Equal(1f, y[0] + y[1], 5);
    }

    [Fact]
    public void Joined_values_are_images_where_one_is()
    {
        var graph = new GraphProto();
        graph.Node.Add(Node("Relu", "x", "a"));
        graph.Node.Add(Node("Conv", "a", "b"));
        graph.Node.Add(Node("Sigmoid", "b", "y"));
        graph.Node.Add(Node("Reshape", "y", "z"));
        var ends = new Import.ImageEnds(graph);
        Assert.True(ends.Contains("x"));
        Assert.True(ends.Contains("y"));
        Assert.False(ends.Contains("z"));
    }

    private static NodeProto Node(string op, string input, string output) => new() { OpType = op, Input = { input }, Output = { output } };
}
