using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Reading;
using CnnFast.Tests;
using CnnFast.Tests.Models;
using Google.Protobuf;

namespace CnnFast.Onnx.Tests.Reading;

/// <summary>Damaged files end in a sentence, whatever the damage, and take little memory.</summary>
public sealed class HostileFileTests
{
    private const long MaxAllocatedBytes = 4 << 20;

    [Fact]
    public void Every_prefix_of_a_model_is_refused()
    {
        byte[] whole = Protos.Everything().ToByteArray();
        Assert.Null(Damage(whole));
        for (int length = 0; length < whole.Length; length++)
        {
            // Where the metadata after the operator sets are cut off, the rest is a model.
            ModelProto? rest = Damage(whole[..length]) is null ? ModelProto.Parser.ParseFrom(whole[..length]) : null;
            Assert.True(rest is null || (rest.OpsetImport.Count == 1 && rest.MetadataProps.Count == 0),
                $"The first {length} bytes of {whole.Length} are taken for a model.");
        }
    }

    [Fact]
    public void Every_prefix_of_a_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        ModelProto model = Protos.Model(Protos.Node("Add", ["x", "w"], ["y"]));
        model.Graph.Initializer.Add(Protos.Raw("w", TensorProto.Types.DataType.Float, new float[500], 500));
        byte[] whole = model.ToByteArray();
        for (int length = 0; length < whole.Length; length += 7)
        {
            string path = folder.Write("cut.onnx", whole[..length]);
            Assert.Throws<DataFormatException>(() =>
            {
                using OnnxFile file = OnnxFile.Open(path, new OnnxImportOptions());
                OnnxChecker.Check(file);
            });
        }
    }

    [Fact]
    public void Every_bit_may_flip()
    {
        byte[] bytes = Protos.Everything().ToByteArray();
        for (int bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Damage(bytes);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Mutants_end_in_a_sentence()
    {
        const int Mutants = 24_000;
        byte[][] originals = [Protos.Everything().ToByteArray(), Exported("chain"), Exported("dense"), Exported("branches")];
        var mutator = new ModelMutator(seed: 5);
        int refused = 0;
        for (int i = 0; i < Mutants; i++)
        {
            byte[] mutant = mutator.Mutate(originals[i % originals.Length]);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                refused += Damage(mutant) is null ? 0 : 1;
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException(
                    $"Mutant {i} ends in {failure.GetType().Name}: {failure.Message} {Convert.ToBase64String(mutant)}", failure);
            }

            long taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(taken < MaxAllocatedBytes, $"Mutant {i} of {mutant.Length} bytes took {taken} bytes.");
        }

        // Neither are all refused at the first byte, nor does the damage go unseen.
        Assert.InRange(refused, Mutants / 4, Mutants * 19 / 20);
    }

    [Fact]
    public void Many_small_messages_are_counted()
    {
        byte[] empty = new byte[2_000_000];
        for (int i = 0; i < empty.Length; i += 2)
            empty[i] = (GraphProto.NodeFieldNumber << 3) | 2;
        var model = new ModelProto { Graph = new GraphProto { Name = "g" } };
        byte[] graph = [.. model.Graph.ToByteArray(), .. empty];
        var refused = Assert.Throws<DataFormatException>(() =>
            OnnxFile.Read(Wrap(graph), new OnnxImportOptions { MaxGraphItems = 10_000 }));
        Assert.Contains("MaxGraphItems", refused.Message, StringComparison.Ordinal);
        byte[] named = [.. Enumerable.Repeat(Protos.Value("a", 1).ToByteArray(), 1000)
            .SelectMany(value => (byte[])[0x5A, (byte)value.Length, .. value])];
        refused = Assert.Throws<DataFormatException>(() => OnnxFile.Read(Wrap(named), new OnnxImportOptions { MaxGraphBytes = 10_000 }));
        Assert.Contains("MaxGraphBytes", refused.Message, StringComparison.Ordinal);

        static byte[] Wrap(byte[] graph)
        {
            using var stream = new MemoryStream();
            using (var output = new CodedOutputStream(stream))
            {
                output.WriteTag(ModelProto.GraphFieldNumber, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom(graph));
            }

            return stream.ToArray();
        }
    }

    [Theory]
    [InlineData(16, false)]
    [InlineData(17, true)]
    [InlineData(5000, true)]
    public void Nesting_has_a_limit(int depth, bool isRefused)
    {
        byte[] graph = [];
        for (int i = 0; i < depth; i++)
        {
            // Graph within attribute within node within graph.
            byte[] attribute = Field(6, graph);
            graph = Field(1, Field(5, attribute));
        }

        byte[] model = Field(7, graph);
        if (!isRefused)
        {
            OnnxFile.Read(model, new OnnxImportOptions()).Dispose();
            return;
        }

        var refused = Assert.Throws<DataFormatException>(() => OnnxFile.Read(model, new OnnxImportOptions()));
        Assert.Contains("nests graphs 17 deep", refused.Message, StringComparison.Ordinal);

        static byte[] Field(int number, byte[] content)
        {
            using var stream = new MemoryStream();
            using (var output = new CodedOutputStream(stream))
            {
                output.WriteTag(number, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom(content));
            }

            return stream.ToArray();
        }
    }

    /// <summary>Reads all of a file; what is wrong with it, or null.</summary>
    private static string? Damage(byte[] bytes)
    {
        try
        {
            using OnnxFile file = OnnxFile.Read(bytes, new OnnxImportOptions());
            OnnxChecker.Check(file);
            foreach (TensorProto tensor in file.Model.Graph.Initializer)
                file.ReadInitializer(tensor.Name);
            foreach (AttributeProto attribute in file.Model.Graph.Node.SelectMany(node => node.Attribute)
                .Where(attribute => attribute.T is not null))
                file.ReadTensor(attribute.T);
            return null;
        }
        catch (Exception refused) when (refused is DataFormatException or NotSupportedException)
        {
            Assert.InRange(refused.Message.Length, 10, 2000);
            return refused.Message;
        }
    }

    private static byte[] Exported(string name)
    {
        using var stream = new MemoryStream();
        OnnxModel.Export(TestModels.Build(name), stream);
        return stream.ToArray();
    }
}
