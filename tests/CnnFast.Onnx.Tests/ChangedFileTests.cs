using CnnFast.Data;
using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Tests.Reading;
using CnnFast.Tests;
using CnnFast.Training;
using Google.Protobuf;
using DataType = CnnFast.Onnx.Proto.TensorProto.Types.DataType;

namespace CnnFast.Onnx.Tests;

/// <summary>
/// The file of a model, or the file beside it, changes while the model is in use: weights are those of the file that was
/// opened, or there is one sentence.
/// </summary>
public sealed class ChangedFileTests
{
    private const int Channels = 64;

    private static readonly Dictionary<string, Action<OnnxModel, string>> s_readers = new()
    {
        ["OnnxModel.Run"] = (onnx, _) =>
            onnx.Run(new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.Create(new float[3 * 6 * 6], 1, 3, 6, 6) }),
        ["new InferenceSession"] = (onnx, _) => new InferenceSession(ToModel(onnx)).Dispose(),
        ["Model.Predict"] = (onnx, _) => ToModel(onnx).Predict(new float[8 * 8 * 3]),
        ["Model.Save"] = (onnx, path) => ToModel(onnx).Save(path),
        ["OnnxModel.Export"] = (onnx, path) => OnnxModel.Export(ToModel(onnx), path),
        ["Parameter.Values"] = (onnx, _) => ToModel(onnx).Parameters.Sum(parameter => parameter.Values.Length),
        ["Trainer.Fit"] = (onnx, _) => new Trainer(ToModel(onnx), new Adam()).Fit(Images(), new FitOptions { Epochs = 1 }),
        ["Evaluator.Evaluate"] = (onnx, _) => Evaluator.Evaluate(ToModel(onnx), Images()),
    };

    public static TheoryData<string, bool> Readers()
    {
        var data = new TheoryData<string, bool>();
        foreach (string name in s_readers.Keys)
        {
            data.Add(name, false);
            data.Add(name, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_file_that_became_shorter_is_one_sentence(string reader, bool isExternal)
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder, isExternal);
        OnnxModel onnx = OnnxModel.Load(path);
        string changed = isExternal ? folder["weights.bin"] : path;
        using (FileStream file = Open(changed))
            file.SetLength(1000);
        DataFormatException e = Assert.Throws<DataFormatException>(() => s_readers[reader](onnx, folder["out"]));
        Assert.StartsWith($"'{changed}' ends after ", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["out"]));
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_file_that_was_written_over_is_one_sentence(string reader, bool isExternal)
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder, isExternal);
        OnnxModel onnx = OnnxModel.Load(path);
        string changed = isExternal ? folder["weights.bin"] : path;
        using (FileStream file = Open(changed))
        {
            file.Position = file.Length / 2;
            file.WriteByte(1);
        }

        File.SetLastWriteTimeUtc(changed, DateTime.UtcNow.AddSeconds(2));
        DataFormatException e = Assert.Throws<DataFormatException>(() => s_readers[reader](onnx, folder["out"]));
        Assert.Equal($"'{changed}' was written over since it was opened; expected it as it was, since weights are read from it when they " +
            "are asked for: load the model again, and put new files in the place of old ones.", e.Message);
        Assert.False(File.Exists(folder["out"]));
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_file_that_was_deleted_or_replaced_is_read_on(string reader, bool isExternal)
    {
        foreach (bool replaces in (bool[])[false, true])
        {
            using var folder = new TemporaryFolder();
            string path = Write(folder, isExternal);
            OnnxModel onnx = OnnxModel.Load(path);
            string changed = isExternal ? folder["weights.bin"] : path;
            if (replaces)
                File.Move(folder.Write("new", [1, 2, 3]), changed, overwrite: true);
            else
                File.Delete(changed);
            s_readers[reader](onnx, folder["out"]);
        }
    }

    [Fact]
    public void A_session_has_its_weights_and_reads_the_file_for_another_size_alone()
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder, isExternal: false);
        using var session = new InferenceSession(ToModel(OnnxModel.Load(path)));
        using (FileStream file = Open(path))
            file.SetLength(1000);
        session.Run(new float[8 * 8 * 3], new float[4]);
        DataFormatException e = Assert.Throws<DataFormatException>(() =>
            session.Run(new float[6 * 6 * 3], new Shape(6, 6, 3), new float[4]));
        Assert.StartsWith($"'{path}' ends after ", e.Message, StringComparison.Ordinal);
        session.Run(new float[8 * 8 * 3], new float[4]);
    }

    // Windows lets nobody write to a file that is open so; on other systems whoever does not ask may.
    private static FileStream Open(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps others from writing to the file.");
        return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    private static Model ToModel(OnnxModel onnx) => onnx.ToModel(new Dictionary<string, int[]> { ["x"] = [1, 3, 8, 8] }, OnnxLayout.Nhwc);

    private static ImageDataset Images() => new(new Shape(8, 8, 3), 4, new byte[4 * 8 * 8 * 3], [0, 1, 2, 3]);

    private static string Write(TemporaryFolder folder, bool isExternal)
    {
        ModelProto model = Protos.Model(
            Protos.Node("Conv", ["x", "first"], ["a"]),
            Protos.Node("Conv", ["a", "second"], ["b"]),
            Protos.Node("GlobalAveragePool", ["b"], ["c"]),
            Protos.Node("Flatten", ["c"], ["d"]),
            Protos.Node("Gemm", ["d", "dense"], ["y"]));
        model.Graph.Input[0] = Protos.Value("x", -1, 3, -1, -1);
        foreach (TensorShapeProto.Types.Dimension dimension in model.Graph.Input[0].Type.TensorType.Shape.Dim.Where(dimension =>
            dimension.DimValue < 0))
            dimension.DimParam = "open";
        model.Graph.Output[0] = Protos.Value("y", 1, 4);
        var data = new MemoryStream();
        Add("first", Channels, 3, 3, 3);
        Add("second", Channels, Channels, 3, 3);
        Add("dense", Channels, 4);
        folder.Write("weights.bin", data.ToArray());
        return folder.Write("model.onnx", model.ToByteArray());

        void Add(string name, params long[] dimensions)
        {
            var random = new Random(name.Length);
            float[] values = [.. Enumerable.Range(0, (int)dimensions.Aggregate(1L, (product, dimension) => product * dimension))
                .Select(_ => (random.NextSingle() - 0.5f) / 8)];
            TensorProto raw = Protos.Raw(name, DataType.Float, values, dimensions);
            if (isExternal)
            {
                model.Graph.Initializer.Add(Protos.External(name, dimensions, ("location", "weights.bin"), ("offset", $"{data.Length}"),
                    ("length", $"{raw.RawData.Length}")));
                data.Write(raw.RawData.Span);
            }
            else
            {
                model.Graph.Initializer.Add(raw);
            }
        }
    }
}
