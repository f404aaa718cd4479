import java.io.BufferedReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.QueryBuilder;

/** The peer of search.py: Lucene with its cjk analyser, title and text, BM25. Lines of tab separated values in and out. */
public class SearchPeer {
    /** Arguments: documents (key, title, text), queries (one a line), answers (ten keys a line), boost of the title. */
    public static void main(String[] args) throws Exception {
        Analyzer analyzer = new CJKAnalyzer();
        ByteBuffersDirectory directory = new ByteBuffersDirectory();
        try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(analyzer));
                BufferedReader lines = Files.newBufferedReader(Path.of(args[0]), StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] parts = line.split("\t", 3);
                Document document = new Document();
                document.add(new StoredField("key", parts[0]));
                document.add(new TextField("title", parts[1], Field.Store.NO));
                document.add(new TextField("text", parts[2], Field.Store.NO));
                writer.addDocument(document);
            }
        }
        BooleanQuery.setMaxClauseCount(1 << 16);
        IndexSearcher searcher = new IndexSearcher(DirectoryReader.open(directory));
        QueryBuilder builder = new QueryBuilder(analyzer);
        float boost = Float.parseFloat(args[3]);
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(Path.of(args[2]), StandardCharsets.UTF_8))) {
            for (String line : Files.readAllLines(Path.of(args[1]), StandardCharsets.UTF_8)) {
                BooleanQuery.Builder asked = new BooleanQuery.Builder();
                Query title = builder.createBooleanQuery("title", line);
                Query text = builder.createBooleanQuery("text", line);
                if (title != null) asked.add(new BoostQuery(title, boost), Occur.SHOULD);
                if (text != null) asked.add(text, Occur.SHOULD);
                StringBuilder keys = new StringBuilder();
                for (ScoreDoc hit : searcher.search(asked.build(), 10).scoreDocs) {
                    keys.append(searcher.doc(hit.doc).get("key")).append('\t');
                }
                out.println(keys.toString().trim());
            }
        }
    }
}
